package txlookup.profiles.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the schema says about one property, its references resolved.
 *
 * @param node the property's own schema
 */
public record PropertySchema(ObjectNode node) {

    /** The property's type as the schema names it; empty where the schema only lists the values. */
    public String type() {
        return node.path("type").asString("");
    }

    public boolean isSection() {
        return node.has("properties");
    }

    /** Whether the value may be or hold a secret and is therefore never repeated. */
    public boolean hidden() {
        return node.path("x-hidden").asBoolean(false);
    }

    /** What the property accepts, in words. */
    public String wanted() {
        if (node.has("x-wanted")) {
            return node.path("x-wanted").asString();
        }
        if (node.has("const")) {
            return node.path("const").asString();
        }
        if (node.has("enum")) {
            return allowed();
        }
        return switch (type()) {
            case "integer" -> "a whole number" + range();
            case "number" -> "a number" + range();
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a section of properties";
            default -> "text that is not empty and has no blanks around it (in YAML, quote what looks like a number)";
        };
    }

    private String allowed() {
        List<JsonNode> values = new ArrayList<>();
        node.path("enum").forEach(values::add);
        String listed = values.stream().map(JsonNode::asString).collect(Collectors.joining(", "));
        return values.size() == 1 ? listed : "one of " + listed;
    }

    private String range() {
        String low = node.has("exclusiveMinimum")
                ? " above " + node.path("exclusiveMinimum").asString()
                : node.has("minimum") ? " from " + node.path("minimum").asString() : "";
        return node.has("maximum") ? low + " to " + node.path("maximum").asString() : low;
    }
}

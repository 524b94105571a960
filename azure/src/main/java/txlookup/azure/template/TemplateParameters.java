package txlookup.azure.template;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.profiles.Profile;

/** A template's parameters, in the template's order. */
final class TemplateParameters {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, JsonNode> parameters = new LinkedHashMap<>();

    /** The tags of every resource. */
    static ObjectNode tags(Profile profile) {
        ObjectNode tags = NODES.objectNode();
        profile.names().tags().forEach(tags::put);
        tags.put("stage", profile.stage().yamlName());
        return tags;
    }

    /** What every template that makes resources wants. */
    TemplateParameters common(String region, ObjectNode tags) {
        return text("location", region.toLowerCase(Locale.ROOT)).put("tags", tags);
    }

    TemplateParameters text(String name, String value) {
        return put(name, NODES.stringNode(value));
    }

    TemplateParameters number(String name, int value) {
        return put(name, NODES.numberNode(value));
    }

    TemplateParameters flag(String name, boolean value) {
        return put(name, NODES.booleanNode(value));
    }

    TemplateParameters put(String name, JsonNode value) {
        parameters.put(name, value);
        return this;
    }

    Map<String, JsonNode> all() {
        return parameters;
    }
}

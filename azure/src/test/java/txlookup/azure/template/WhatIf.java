package txlookup.azure.template;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a template would change in what there is, in the form of Azure's answer. As there, what is written only (passwords,
 * values of secrets) seems to change each time, and what the template does not name shows as taken away.
 */
public final class WhatIf {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private WhatIf() {}

    /** @param live a resource as Azure would tell it; null where there is none */
    public static ObjectNode of(TemplateEvaluation template, Function<String, @Nullable ObjectNode> live) {
        ObjectNode answer = NODES.objectNode().put("status", "Succeeded");
        ArrayNode changes = answer.putObject("properties").putArray("changes");
        for (TemplateEvaluation.Made made : template.resources()) {
            ObjectNode change = changes.addObject().put("resourceId", made.id());
            ObjectNode there = live.apply(made.id());
            if (there == null) {
                change.put("changeType", "Create");
                continue;
            }
            ArrayNode delta = NODES.arrayNode();
            for (String part : new String[] {"location", "tags", "identity", "sku", "properties"}) {
                if (made.body().has(part)) {
                    compare(part, there.path(part), made.body().path(part), delta);
                }
            }
            change.put("changeType", delta.isEmpty() ? "NoChange" : "Modify").set("delta", delta);
        }
        return answer;
    }

    private static void compare(String path, JsonNode before, JsonNode after, ArrayNode delta) {
        if (after.isNull()) {
            return; // a template that says nothing
        }
        if (before.isMissingNode()) {
            delta.addObject()
                    .put("path", path)
                    .put("propertyChangeType", "Create")
                    .set("after", after);
        } else if (before.isObject() && after.isObject()) {
            after.properties()
                    .forEach(field ->
                            compare(path + "." + field.getKey(), before.path(field.getKey()), field.getValue(), delta));
            before.propertyNames().stream().filter(name -> !after.has(name)).forEach(name -> delta.addObject()
                    .put("path", path + "." + name)
                    .put("propertyChangeType", "Delete")
                    .set("before", before.path(name)));
        } else if (before.isArray() && after.isArray()) {
            ArrayNode children = NODES.arrayNode();
            for (int i = 0; i < after.size(); i++) {
                compare(Integer.toString(i), before.path(i), after.path(i), children);
            }
            if (!children.isEmpty()) {
                delta.addObject()
                        .put("path", path)
                        .put("propertyChangeType", "Array")
                        .set("children", children);
            }
        } else if (!before.asString(before.toString()).equals(after.asString(after.toString()))) {
            ObjectNode one = delta.addObject().put("path", path).put("propertyChangeType", "Modify");
            one.set("before", before);
            one.set("after", after);
        }
    }
}

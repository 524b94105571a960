package txlookup.azure.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether parameters are those that a template declares, as Azure checks it before it begins. */
final class ParameterCheck {
    private final ObjectNode template;

    ParameterCheck(ObjectNode template) {
        this.template = template;
    }

    /** The parameters with defaults filled in. */
    Map<String, JsonNode> complete(Map<String, JsonNode> given) {
        List<String> problems = new ArrayList<>();
        Map<String, JsonNode> complete = new LinkedHashMap<>();
        Set<Map.Entry<String, JsonNode>> declared = template.path("parameters").properties();
        for (Map.Entry<String, JsonNode> parameter : declared) {
            String name = parameter.getKey();
            JsonNode value = given.getOrDefault(name, parameter.getValue().path("defaultValue"));
            if (value.isMissingNode()) {
                problems.add(name + " is missing");
            } else {
                check(name, parameter.getValue(), value, problems);
                complete.put(name, value);
            }
        }
        given.keySet().stream()
                .filter(name -> !complete.containsKey(name)
                        && template.path("parameters").path(name).isMissingNode())
                .forEach(name -> problems.add(name + " is not declared"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "the parameters do not fit the template: " + String.join("; ", problems));
        }
        return complete;
    }

    private static void check(String name, JsonNode declared, JsonNode value, List<String> problems) {
        String type = declared.path("type").asString().toLowerCase(Locale.ROOT);
        boolean fits =
                switch (type) {
                    case "string", "securestring" -> value.isString();
                    case "int" -> value.isIntegralNumber();
                    case "bool" -> value.isBoolean();
                    case "array" -> value.isArray();
                    case "object", "secureobject" -> value.isObject();
                    default -> false;
                };
        if (!fits) {
            problems.add("%s has to be of type %s".formatted(name, type));
            return;
        }
        JsonNode allowed = declared.path("allowedValues");
        if (allowed.isArray() && allowed.valueStream().noneMatch(value::equals)) {
            problems.add("%s is %s and has to be one of %s".formatted(name, value, allowed));
        }
        boolean low = declared.has("minValue")
                && value.asInt() < declared.path("minValue").asInt();
        boolean high = declared.has("maxValue")
                && value.asInt() > declared.path("maxValue").asInt();
        if (low || high) {
            problems.add("%s is %s, beyond its bounds".formatted(name, value));
        }
    }
}

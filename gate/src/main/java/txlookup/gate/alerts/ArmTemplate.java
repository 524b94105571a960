package txlookup.gate.alerts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the templates for Azure's resource manager have in common. */
final class ArmTemplate {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String SCHEMA =
            "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    private static final String VERSION = "1.0.0.0";

    private ArmTemplate() {}

    /** @param scope what the rules look at, a parameter's name and description */
    static String of(Map.Entry<String, String> scope, List<Map<String, Object>> resources) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("namePrefix", parameter("string", "In front of every rule's name, such as team4-txlookup."));
        parameters.put("location", parameter("string", "Where the rules live."));
        parameters.put(scope.getKey(), parameter("string", scope.getValue()));
        parameters.put("actionGroupIds", parameter("array", "Resource ids of the action groups to tell."));
        parameters.put("tags", parameter("object", "Tags env, owner, project and ttl."));
        Map<String, Object> template = new LinkedHashMap<>();
        template.put("$schema", SCHEMA);
        template.put("contentVersion", VERSION);
        template.put("parameters", parameters);
        template.put("resources", resources);
        return JSON.writeValueAsString(template) + "\n";
    }

    private static Map<String, Object> parameter(String type, String description) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("type", type);
        parameter.put("metadata", Map.of("description", description));
        return parameter;
    }

    static Map<String, Object> resource(String type, String apiVersion, String name) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("type", type);
        resource.put("apiVersion", apiVersion);
        resource.put("name", "[format('{0}-%s', parameters('namePrefix'))]".formatted(name));
        resource.put("location", "[parameters('location')]");
        resource.put("tags", "[parameters('tags')]");
        return resource;
    }

    /** What starts with a bracket would be taken for a template's expression. */
    static String literal(String text) {
        return text.startsWith("[") ? "[" + text : text;
    }
}

package txlookup.azure.fake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The container of an app or a job, as its body has it. */
final class ContainerBody {
    private ContainerBody() {}

    static FakeServices.Container read(ObjectNode body, UnaryOperator<String> inVault) {
        JsonNode properties = body.path("properties");
        Map<String, String> secrets = new LinkedHashMap<>();
        properties
                .path("configuration")
                .path("secrets")
                .forEach(secret -> secrets.put(
                        secret.path("name").asString(),
                        secret.has("keyVaultUrl")
                                ? inVault.apply(secret.path("keyVaultUrl").asString())
                                : secret.path("value").asString("")));
        JsonNode container = properties.path("template").path("containers").path(0);
        Map<String, String> variables = new LinkedHashMap<>();
        container
                .path("env")
                .forEach(variable -> variables.put(
                        variable.path("name").asString(),
                        variable.has("secretRef")
                                ? secrets.getOrDefault(
                                        variable.path("secretRef").asString(), "")
                                : variable.path("value").asString("")));
        return new FakeServices.Container(
                container.path("image").asString(""),
                container.path("args").valueStream().map(JsonNode::asString).toList(),
                variables,
                files(properties.path("template"), container, secrets),
                properties
                        .path("configuration")
                        .path("ingress")
                        .path("targetPort")
                        .asInt(0));
    }

    /** What volumes of secrets bring. */
    private static Map<String, String> files(JsonNode template, JsonNode container, Map<String, String> secrets) {
        Map<String, String> files = new LinkedHashMap<>();
        for (JsonNode mount : container.path("volumeMounts")) {
            for (JsonNode volume : template.path("volumes")) {
                if (volume.path("name").equals(mount.path("volumeName"))) {
                    volume.path("secrets")
                            .forEach(file -> files.put(
                                    mount.path("mountPath").asString("") + "/"
                                            + file.path("path").asString(""),
                                    secrets.getOrDefault(file.path("secretRef").asString(""), "")));
                }
            }
        }
        return files;
    }
}

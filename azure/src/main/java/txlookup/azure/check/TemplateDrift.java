package txlookup.azure.check;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.inventory.AzureKind;

/**
 * Whether an environment still is what was deployed. Azure is asked what each deployment would change if its own template
 * came again with its own parameters. Nothing is changed, and no secret is wanted: those are not compared, and neither is
 * what a template does not name.
 */
public final class TemplateDrift {
    private static final String API = "api-version=2021-04-01";
    private static final String OURS = "txlookup-";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Set<String> SECURE = Set.of("securestring", "secureobject");
    /** Azure answers none of them, so that each would differ always. */
    private static final List<String> UNREADABLE =
            List.of("properties.configuration.secrets", "properties.administratorLoginPassword");
    /** Judged revisions get it after they were deployed. */
    private static final String TRAFFIC = "properties.configuration.ingress.traffic";

    private final ArmClient client;
    private final ArmId group;
    private final Sleeper waiting;

    /**
     * Something that is not as it was deployed.
     *
     * @param resource its id, or the deployment's
     * @param what what there is and what was deployed
     */
    public record Difference(String resource, String what) {}

    /** @param group the environment's */
    public TemplateDrift(ArmClient client, ArmId group, Sleeper waiting) {
        this.client = client;
        this.group = group;
        this.waiting = waiting;
    }

    /**
     * Asks about every deployment of the environment.
     *
     * @throws IOException when there is none, or Azure gives no usable answer
     */
    public List<Difference> run() throws IOException, InterruptedException {
        List<Difference> differences = new ArrayList<>();
        int compared = 0;
        for (JsonNode deployment : client.list(group + "/providers/Microsoft.Resources/deployments", API)) {
            String name = deployment.path("name").asString("");
            if (name.startsWith(OURS)) {
                differences.addAll(of(name));
                compared++;
            }
        }
        if (compared == 0) {
            throw new ArmException(
                    "%s has no deployment of txlookup; give the owner and env of an environment that is there"
                            .formatted(group.name()));
        }
        return differences;
    }

    private List<Difference> of(String name) throws IOException, InterruptedException {
        String path = group + "/providers/Microsoft.Resources/deployments/" + name;
        JsonNode deployed = client.read(client.address(path, API)).body().path("properties");
        String state = deployed.path("provisioningState").asString("");
        if (!state.equals("Succeeded")) {
            return List.of(
                    new Difference(path, "the deployment is " + state + "; run the command that makes it again"));
        }
        JsonNode template = post(path + "/exportTemplate", null).body().path("template");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = body.putObject("properties").put("mode", "Incremental");
        properties.set("template", template);
        properties.set("parameters", parameters(template, deployed.path("parameters")));
        properties.putObject("whatIfSettings").put("resultFormat", "FullResourcePayloads");
        List<Difference> differences = new ArrayList<>();
        for (JsonNode change : ended(post(path + "/whatIf", body), name).path("changes")) {
            differences.addAll(of(change));
        }
        return differences;
    }

    /** What was given; a secure one is not told, and stands for itself by something of its type. */
    private static ObjectNode parameters(JsonNode template, JsonNode given) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        template.path("parameters").properties().forEach(declared -> {
            String type = declared.getValue().path("type").asString("").toLowerCase(java.util.Locale.ROOT);
            JsonNode value = given.path(declared.getKey()).path("value");
            if (SECURE.contains(type)) {
                ObjectNode instead = parameters.putObject(declared.getKey());
                if (type.equals("secureobject")) {
                    instead.putObject("value").putArray("list");
                } else {
                    instead.put("value", "Not-compared-0");
                }
            } else if (!value.isMissingNode()) {
                parameters.putObject(declared.getKey()).set("value", value);
            }
        });
        return parameters;
    }

    private static List<Difference> of(JsonNode change) {
        String resource = change.path("resourceId").asString("");
        String type = change.path("changeType").asString("");
        List<Difference> differences = new ArrayList<>();
        if (type.equals("Create")) {
            differences.add(new Difference(resource, "is not there any more"));
        } else if (type.equals("Modify") && !ArmId.of(resource).type().endsWith("/secrets")) {
            change.path("delta").forEach(delta -> leaves("", delta, resource, differences));
        }
        return differences;
    }

    /** The job within is told another command for each run. */
    private static boolean isInstruction(String resource, String path) {
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        return name.contains("-" + AzureKind.WITHIN_JOB.token() + "-")
                && path.matches("properties\\.template\\.containers\\.0\\.args(\\..*)?");
    }

    private static void leaves(String above, JsonNode delta, String resource, List<Difference> differences) {
        String step = delta.path("path").asString("");
        String path = above.isEmpty() ? step : above + "." + step;
        if (path.startsWith(TRAFFIC)
                || UNREADABLE.stream().anyMatch(path::startsWith)
                || isInstruction(resource, path)) {
            return;
        }
        if (delta.path("children").size() > 0) {
            delta.path("children").forEach(child -> leaves(path, child, resource, differences));
            return;
        }
        String type = delta.path("propertyChangeType").asString("");
        String after = delta.path("after").asString("");
        // What-if does not evaluate what only a deployment knows, and shows the expression.
        boolean unevaluated = after.startsWith("[") && after.endsWith("]");
        if ((type.equals("Modify") || type.equals("Create") || type.equals("Array")) && !unevaluated) {
            differences.add(new Difference(
                    resource,
                    "%s is %s, and %s was deployed"
                            .formatted(path, shown(delta.path("before")), shown(delta.path("after")))));
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "missing" : value.toString();
    }

    private JsonNode ended(ArmResponse asked, String name) throws IOException, InterruptedException {
        ArmResponse answer = asked;
        Instant until = waiting.now().plus(PATIENCE);
        while (answer.status() == 202) {
            URI operation = answer.operation()
                    .or(asked::operation)
                    .orElseThrow(
                            () -> new ArmException("Azure does not say where the comparison of %s is".formatted(name)));
            if (!waiting.now().isBefore(until)) {
                throw new ArmException(
                        "the comparison of %s is not done after %s; ask again".formatted(name, PATIENCE));
            }
            waiting.pause(answer.retryAfter(waiting.now()).orElse(LOOK_EVERY));
            answer = client.read(operation);
        }
        if (!answer.body().path("status").asString("").equals("Succeeded")) {
            throw new ArmException("%s could not be compared: %s"
                    .formatted(name, answer.body().path("error").toString()));
        }
        return answer.body().path("properties");
    }

    private ArmResponse post(String path, @Nullable JsonNode body) throws IOException, InterruptedException {
        Instant until = waiting.now().plus(PATIENCE);
        while (true) {
            ArmResponse answer = client.send("POST", client.address(path, API), body);
            if (answer.isSuccess()) {
                return answer;
            }
            if (!(answer.isThrottled() || answer.isUnclear()) || !waiting.now().isBefore(until)) {
                throw new ArmException("%s: %s".formatted(path, answer.explanation()));
            }
            waiting.pause(answer.retryAfter(waiting.now()).orElse(LOOK_EVERY));
        }
    }
}

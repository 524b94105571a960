package txlookup.azure.recreate;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.arm.PassingErrors;
import txlookup.azure.arm.Sleeper;

/**
 * Templates deployed into one resource group, in mode Incremental always: what a template does not name stays. A
 * deployment is asked about under its own name, so that a lost answer or a killed process costs nothing: the next one
 * finds it as it is.
 */
final class Deployments {
    private static final String API = "api-version=2021-04-01";
    private static final Duration USUAL_WAIT = Duration.ofSeconds(10);
    /** How long a deployment that was taken may be unknown to who asks about it. */
    private static final Duration UNSEEN = Duration.ofMinutes(3);

    private final ArmClient client;
    private final ArmId group;
    private final Sleeper waiting;
    private final Duration patience;

    /** @param patience for one deployment; a container environment alone takes up to a quarter of an hour */
    Deployments(ArmClient client, ArmId group, Sleeper waiting, Duration patience) {
        this.client = client;
        this.group = group;
        this.waiting = waiting;
        this.patience = patience;
    }

    /**
     * Deploys, however often it has to be asked.
     *
     * @return the template's outputs
     * @throws ArmException when Azure refuses, or the deployment fails or does not end within the patience
     */
    JsonNode run(String name, ObjectNode template, Map<String, JsonNode> parameters)
            throws IOException, InterruptedException {
        Instant until = waiting.now().plus(patience);
        String failure = "";
        while (true) {
            try {
                awaitEnd(name, until, false);
                ArmResponse asked = client.send("PUT", address(name), body(template, parameters));
                if (!asked.isSuccess()) {
                    if (!passes(asked)) {
                        throw new ArmException("deployment %s was refused: %s".formatted(name, details(asked)));
                    }
                    pause(name, asked, until);
                    continue;
                }
                JsonNode ended = awaitEnd(name, until, true);
                String state = ended.path("provisioningState").asString("");
                if (state.equals("Succeeded")) {
                    return ended.path("outputs");
                }
                JsonNode error = ended.path("error");
                failure = "; it ended as %s: %s".formatted(state, PassingErrors.explain(error));
                if (!PassingErrors.passes(error)) {
                    throw new ArmException("deployment %s was not made".formatted(name));
                }
                pause(name, asked, until);
            } catch (ArmException e) {
                throw failure.isEmpty() ? e : new ArmException(e.getMessage() + failure);
            }
        }
    }

    /** Whether a deployment of that name ended well; one that still moves is waited for. */
    boolean isMade(String name) throws IOException, InterruptedException {
        return ended(name).path("provisioningState").asString("").equals("Succeeded");
    }

    /**
     * The outputs of a deployment that is there; a missing node where it is not. One that still moves has none, and what
     * was made before it would look as if it had never been: it is waited for.
     */
    JsonNode outputs(String name) throws IOException, InterruptedException {
        return ended(name).path("outputs");
    }

    private JsonNode ended(String name) throws IOException, InterruptedException {
        return awaitEnd(name, waiting.now().plus(patience), false);
    }

    /**
     * The deployment's properties once it does not move any more; a missing node where there is none.
     *
     * @param taken whether Azure has it: what it took, it may not show at once
     */
    private JsonNode awaitEnd(String name, Instant until, boolean taken) throws IOException, InterruptedException {
        Instant shown = waiting.now().plus(UNSEEN);
        while (true) {
            ArmResponse response = client.read(address(name));
            JsonNode properties = response.body().path("properties");
            String state = properties.path("provisioningState").asString("");
            if (Set.of("Succeeded", "Failed", "Canceled").contains(state)) {
                return properties;
            }
            if (response.status() == 404 && !taken) {
                return properties;
            }
            if (response.status() == 404 && !waiting.now().isBefore(shown)) {
                throw new ArmException(
                        "deployment %s was taken and is not there after %s; see whether somebody removed the group, then run the same command again"
                                .formatted(name, UNSEEN));
            }
            pause(name, response, until);
        }
    }

    private void pause(String name, ArmResponse response, Instant until) throws ArmException, InterruptedException {
        if (!waiting.now().isBefore(until)) {
            throw new ArmException(
                    "deployment %s is not done after %s; the last answer was %s; run the same command again"
                            .formatted(name, patience, response.explanation()));
        }
        waiting.pause(response.retryAfter(waiting.now()).orElse(USUAL_WAIT));
    }

    private static boolean passes(ArmResponse response) {
        return response.isThrottled()
                || response.isUnclear()
                || PassingErrors.passes(response.body().path("error"));
    }

    private static String details(ArmResponse response) {
        return "HTTP %d %s"
                .formatted(
                        response.status(), PassingErrors.explain(response.body().path("error")));
    }

    private java.net.URI address(String name) {
        return client.address(
                group.child("providers/Microsoft.Resources/deployments/" + name).toString(), API);
    }

    private static ObjectNode body(ObjectNode template, Map<String, JsonNode> parameters) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = body.putObject("properties").put("mode", "Incremental");
        properties.set("template", template);
        ObjectNode given = properties.putObject("parameters");
        parameters.forEach((parameter, value) -> given.putObject(parameter).set("value", value));
        return body;
    }
}

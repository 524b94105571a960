package txlookup.azure.fake;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.template.LiveResources;
import txlookup.azure.template.TemplateEvaluation;
import txlookup.azure.template.WhatIf;

/**
 * Deployments of the fake: the resources of a template come into being one after the other, one each time that the
 * deployment is asked about, so that whoever is killed in between leaves half of them.
 */
final class FakeDeployments {
    private static final String MARK = "/providers/microsoft.resources/deployments/";

    private final FakeState state;
    private final FakeProviders providers;
    private final int retrySeconds;
    private final Map<String, Running> all = new LinkedHashMap<>();

    /** One deployment and how far it is. */
    private static final class Running {
        private final TemplateEvaluation evaluation;
        private final JsonNode given;
        private int next;
        /** Another front end than the one that took it answers first. */
        private int unseen = 1;

        private String provisioningState = "Accepted";
        private @Nullable ObjectNode error;
        private @Nullable ObjectNode outputs;

        private Running(TemplateEvaluation evaluation, JsonNode given) {
            this.evaluation = evaluation;
            this.given = given;
        }
    }

    FakeDeployments(FakeState state, FakeProviders providers, int retrySeconds) {
        this.state = state;
        this.providers = providers;
        this.retrySeconds = retrySeconds;
    }

    static boolean isDeployment(String path) {
        return path.toLowerCase(Locale.ROOT).contains(MARK);
    }

    FakeAnswer put(String path, ObjectNode body) {
        Running there = all.get(FakeState.key(path));
        if (there != null && !there.provisioningState.matches("Succeeded|Failed")) {
            return FakeAnswer.error(
                    409, "DeploymentActive", "Unable to edit or replace deployment: it is still active.");
        }
        return read(path, body, evaluation -> {
            all.put(FakeState.key(path), new Running(evaluation, body.path("properties")));
            return FakeAnswer.of(201, body(path)).with(Map.of("Retry-After", Integer.toString(retrySeconds)));
        });
    }

    /** Whether it could be deployed; changes nothing. */
    FakeAnswer validate(String path, ObjectNode body) {
        return read(path, body, evaluation -> {
            ObjectNode answer = JsonNodeFactory.instance.objectNode().put("id", path);
            answer.putObject("properties").put("mode", "Incremental").put("provisioningState", "Succeeded");
            return FakeAnswer.of(200, answer);
        });
    }

    /** What it would change; changes nothing. */
    FakeAnswer whatIf(String path, ObjectNode body, Function<String, @Nullable ObjectNode> live) {
        return read(path, body, evaluation -> FakeAnswer.of(200, WhatIf.of(evaluation, live)));
    }

    /** The template of a deployment. */
    FakeAnswer export(String path) {
        Running running = all.get(FakeState.key(path));
        if (running == null) {
            return FakeAnswer.notFound(path);
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("template", running.given.path("template"));
        return FakeAnswer.of(200, answer);
    }

    FakeAnswer list(String path) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode value = answer.putArray("value");
        all.keySet().stream()
                .filter(key -> FakeState.isWithin(key, path))
                .forEach(key -> value.add((JsonNode) body(key)));
        return FakeAnswer.of(200, answer);
    }

    private FakeAnswer read(String path, ObjectNode body, Function<TemplateEvaluation, FakeAnswer> then) {
        String group = path.substring(0, path.toLowerCase(Locale.ROOT).indexOf("/providers/"));
        if (state.find(group) == null) {
            return FakeAnswer.error(
                    404, "ResourceGroupNotFound", "Resource group '%s' could not be found.".formatted(group));
        }
        JsonNode properties = body.path("properties");
        if (!properties.path("mode").asString("").equals("Incremental")) {
            return FakeAnswer.error(400, "InvalidDeployment", "This subscription takes mode Incremental only.");
        }
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        properties
                .path("parameters")
                .properties()
                .forEach(each -> parameters.put(each.getKey(), each.getValue().path("value")));
        try {
            return then.apply(new TemplateEvaluation(
                    (ObjectNode) properties.path("template"),
                    parameters,
                    FakeAzure.SUBSCRIPTION,
                    group.substring(group.lastIndexOf('/') + 1),
                    live()));
        } catch (IllegalArgumentException e) {
            return FakeAnswer.error(400, "InvalidTemplate", "Deployment template validation failed: " + e.getMessage());
        }
    }

    FakeAnswer get(String path) {
        Running running = all.get(FakeState.key(path));
        if (running == null || running.unseen-- > 0) {
            return FakeAnswer.error(404, "DeploymentNotFound", "Deployment '%s' could not be found.".formatted(path))
                    .with(Map.of("Retry-After", Integer.toString(retrySeconds)));
        }
        step(running);
        return FakeAnswer.of(200, body(path)).with(Map.of("Retry-After", Integer.toString(retrySeconds)));
    }

    /** What a removed group takes with it. */
    void removed(String group) {
        all.keySet().removeIf(key -> FakeState.isWithin(key, group));
    }

    private void step(Running running) {
        if (running.provisioningState.matches("Succeeded|Failed")) {
            return;
        }
        running.provisioningState = "Running";
        try {
            while (running.next < running.evaluation.size()) {
                var made = running.evaluation.resource(running.next++);
                for (TemplateEvaluation.Made one : made) {
                    providers.put(one.id(), one.body());
                }
                if (!made.isEmpty()) {
                    return;
                }
            }
            running.outputs = running.evaluation.outputs();
            running.provisioningState = "Succeeded";
        } catch (FakeProviders.Refused e) {
            fail(running, e.code(), e.getMessage());
        } catch (IllegalArgumentException e) {
            fail(running, "InvalidTemplate", e.getMessage());
        }
    }

    private static void fail(Running running, String code, String message) {
        running.provisioningState = "Failed";
        running.error = JsonNodeFactory.instance
                .objectNode()
                .put("code", "DeploymentFailed")
                .put("message", "At least one resource deployment operation failed.");
        // The provider's error arrives as text (mspnp/aks-baseline-multi-region#13).
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        told.putObject("error").put("code", code).put("message", message);
        running.error.putArray("details").addObject().put("code", "BadRequest").put("message", told.toPrettyString());
    }

    private ObjectNode body(String path) {
        Running running = all.get(FakeState.key(path));
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("id", path)
                .put("name", path.substring(path.lastIndexOf('/') + 1));
        ObjectNode properties = body.putObject("properties")
                .put("mode", "Incremental")
                .put("provisioningState", running.provisioningState);
        ObjectNode told = properties.putObject("parameters");
        running.given.path("parameters").properties().forEach(given -> {
            JsonNode declared =
                    running.given.path("template").path("parameters").path(given.getKey());
            String type = declared.path("type").asString("");
            ObjectNode one = told.putObject(given.getKey()).put("type", type);
            // No secret is in any answer.
            if (!type.startsWith("secure")) {
                one.set("value", given.getValue().path("value"));
            }
        });
        if (running.error != null) {
            properties.set("error", running.error);
        }
        if (running.outputs != null) {
            properties.set("outputs", running.outputs);
        }
        return body;
    }

    private LiveResources live() {
        return new LiveResources() {
            @Override
            public JsonNode reference(String id) {
                ObjectNode found = state.find(id);
                if (found == null) {
                    throw new IllegalArgumentException("The Resource '%s' was not found.".formatted(id));
                }
                return found.path("properties");
            }

            @Override
            public JsonNode listKeys(String id) {
                return providers.keys(id);
            }
        };
    }
}

package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.arm.PassingErrors;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.revision.AppRevisions;
import txlookup.azure.revision.Revision;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Inputs;
import txlookup.profiles.secrets.Secret;

/** One environment's resource group and what is asked of single resources in it. */
final class EnvironmentResources {
    /** The rule that every namespace is made with; used to publish synthetic events, and given to no container. */
    static final String EVERYTHING_RULE = "RootManageSharedAccessKey";

    private static final int NOT_FOUND = 404;
    private static final Duration USUAL_WAIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final ArmClient client;
    private final String subscription;
    private final ArmId group;
    private final EnvironmentParameters parameters;
    private final Sleeper waiting;

    EnvironmentResources(ArmClient client, String subscription, EnvironmentParameters parameters, Sleeper waiting) {
        this.client = client;
        this.parameters = parameters;
        this.subscription = subscription;
        this.waiting = waiting;
        this.group =
                ArmId.ofSubscription(subscription).child("resourceGroups/" + parameters.name(AzureKind.RESOURCE_GROUP));
    }

    ArmId group() {
        return group;
    }

    ArmId id(AzureKind kind) {
        return group.child("providers/" + kind.type() + "/" + parameters.name(kind));
    }

    /**
     * Makes the group, or finds it as ours. Tags of other people stay, and so does a ttl that was moved to a later day; all
     * that is made in the group gets the same.
     *
     * @throws ArmException when one of that name is there and is not, by its tags, this environment's
     */
    void makeGroup() throws IOException, InterruptedException {
        URI address = address(group, AzureKind.RESOURCE_GROUP.apiVersion());
        ArmResponse there = client.read(address);
        if (there.isSuccess()) {
            requireOurs(there.body());
            parameters.keepTags(there.body().path("tags"));
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("location", parameters.region());
        body.set("tags", parameters.tags());
        send("PUT", address, body, "the resource group " + group.name());
    }

    private void requireOurs(JsonNode there) throws ArmException {
        String managedBy = there.path("managedBy").asString("");
        Map<String, String> tags = there.path("tags").properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, tag -> tag.getValue().asString("")));
        for (String tag : new String[] {"env", "owner", "project", "stage"}) {
            String wanted = parameters.tags().path(tag).asString();
            if (!managedBy.isEmpty() || !wanted.equals(tags.get(tag))) {
                throw new ArmException(
                        "the resource group %s exists and is not this environment's (managedBy \"%s\", tags %s); nothing was changed; remove it or choose another owner or env"
                                .formatted(group.name(), managedBy, tags));
            }
        }
    }

    /** A resource's properties. */
    JsonNode properties(AzureKind kind) throws IOException, InterruptedException {
        ArmResponse response = client.read(address(id(kind), kind.apiVersion()));
        if (response.status() == NOT_FOUND) {
            throw new ArmException(
                    "%s is not there after it was deployed: %s".formatted(id(kind), response.explanation()));
        }
        return response.body().path("properties");
    }

    /** A resource as Azure answers it; a missing node where it is not there. */
    JsonNode find(AzureKind kind) throws IOException, InterruptedException {
        ArmResponse response = client.read(address(id(kind), kind.apiVersion()));
        return response.status() == NOT_FOUND ? JsonNodeFactory.instance.missingNode() : response.body();
    }

    /** What fired in the group lately, the newest included. */
    List<JsonNode> alerts() throws IOException, InterruptedException {
        return client.list(
                ArmId.ofSubscription(subscription)
                        .child("providers/Microsoft.AlertsManagement/alerts")
                        .toString(),
                "api-version=2019-03-01&timeRange=1d&targetResourceGroup=" + group.name());
    }

    /** The connection string of one of the namespace's rules. */
    String connectionString(String ruleName) throws IOException, InterruptedException {
        ArmId rule = id(AzureKind.EVENT_HUBS).child("authorizationRules/" + ruleName);
        JsonNode keys = send(
                        "POST",
                        address(rule.child("listKeys"), AzureKind.EVENT_HUBS.apiVersion()),
                        null,
                        "the keys of " + rule.name())
                .body();
        return keys.path("primaryConnectionString").asString();
    }

    /** An app's secrets by their names; nothing where there is no such app, and no value where a vault has it. */
    Map<String, Secret> secrets(AzureKind app) throws IOException, InterruptedException {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        if (client.read(address(id(app), app.apiVersion())).status() != NOT_FOUND) {
            send("POST", address(id(app).child("listSecrets"), app.apiVersion()), null, "the secrets of " + app)
                    .body()
                    .path("value")
                    .forEach(secret -> secrets.put(
                            secret.path("name").asString(),
                            new Secret(secret.path("value").asString(""))));
        }
        return secrets;
    }

    /** The profiles that live revisions of an app read are the app's secrets as well, and stay with it. */
    Map<String, Secret> profilesInUse(AzureKind app, AppRevisions revisions) throws IOException, InterruptedException {
        Map<String, Secret> kept = new LinkedHashMap<>(secrets(app));
        if (!kept.isEmpty()) {
            Set<String> read = revisions.list().stream()
                    .filter(Revision::active)
                    .flatMap(revision -> revision.mounted().stream())
                    .collect(Collectors.toSet());
            kept.keySet().removeIf(name -> !EnvironmentParameters.isProfile(name) || !read.contains(name));
        }
        return kept;
    }

    /** Copies the image into the environment's registry, which was empty when it was made (docs/azure-facts.md, B). */
    void importImage(Inputs inputs) throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("mode", "Force");
        ObjectNode source = body.putObject("source")
                .put("registryUri", inputs.sourceRegistry())
                .put("sourceImage", inputs.sourceImage());
        inputs.registry().ifPresent(login -> source.putObject("credentials")
                .put("username", login.user())
                .put("password", login.password().reveal()));
        body.putArray("untaggedTargetRepositories").add("txlookup");
        URI address = address(id(AzureKind.REGISTRY).child("importImage"), AzureKind.REGISTRY.apiVersion());
        ArmResponse asked = send("POST", address, body, "the copy of " + inputs.image());
        Instant until = waiting.now().plus(PATIENCE);
        while (asked.status() == 202 && asked.operation().isPresent()) {
            waiting.pause(asked.retryAfter(waiting.now()).orElse(USUAL_WAIT));
            ArmResponse progress = client.read(asked.operation().get());
            String status = progress.body().path("status").asString("");
            if (status.equals("Failed") || status.equals("Canceled")) {
                throw new ArmException(
                        "the copy of %s ended as %s: %s".formatted(inputs.image(), status, progress.explanation()));
            }
            if (progress.status() != 202 && !status.equals("InProgress")) {
                return;
            }
            if (!waiting.now().isBefore(until)) {
                throw new ArmException("the copy of %s is not done after %s".formatted(inputs.image(), PATIENCE));
            }
        }
    }

    /** Sends what may be sent twice, until it is answered. */
    ArmResponse send(String method, URI address, JsonNode body, String what) throws IOException, InterruptedException {
        Instant until = waiting.now().plus(PATIENCE);
        while (true) {
            ArmResponse response = client.send(method, address, body);
            if (response.isSuccess()) {
                return response;
            }
            boolean again = response.isThrottled()
                    || response.isUnclear()
                    || PassingErrors.passes(response.body().path("error"));
            if (!again || !waiting.now().isBefore(until)) {
                throw new ArmException("%s: %s".formatted(what, response.explanation()));
            }
            waiting.pause(response.retryAfter(waiting.now()).orElse(USUAL_WAIT));
        }
    }

    URI address(ArmId id, String apiVersion) {
        return client.address(id.toString(), "api-version=" + apiVersion);
    }
}

package txlookup.azure.inventory;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.arm.Sleeper;

/** A subscription read over Azure Resource Manager. */
public final class ArmSubscription implements AzureSubscription {
    private static final String GROUPS = "api-version=2021-04-01";
    private static final String RESOURCES = "api-version=2021-04-01&$expand=createdTime";
    private static final String LOCKS = "api-version=2020-05-01";
    private static final String DENIALS = "api-version=2022-04-01";
    private static final String VAULTS = "api-version=2023-07-01";
    private static final String TAGS = "api-version=2021-04-01";
    private static final Duration USUAL_WAIT = Duration.ofSeconds(10);
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "canceled");
    private static final Set<String> PASSING = Set.of(
            "AnotherOperationInProgress",
            "RetryableErrorDueToAnotherOperation",
            "ManagedEnvironmentOperationInProgress",
            "ResourceGroupBeingDeleted",
            "ConflictError");

    private final ArmClient client;
    /** The deployment that makes an environment, and keeps its stage as parameter and output. */
    private static final String BASE_DEPLOYMENT = "txlookup-base";

    private static final String PROJECT_TAG = "project";

    private final ArmId scope;
    private final String subscription;
    private final Sleeper waiting;

    /** The subscription with that id. */
    public ArmSubscription(ArmClient client, String subscription, Sleeper waiting) {
        this.client = client;
        this.subscription = subscription;
        this.scope = ArmId.ofSubscription(subscription);
        this.waiting = waiting;
    }

    /** Its name as people see it, to be shown before anything is done. */
    public String displayName() throws IOException, InterruptedException {
        ArmResponse response = client.read(client.address(scope.toString(), "api-version=2022-12-01"));
        if (response.status() == 404) {
            throw new ArmException("subscription %s: %s; check its id and who is logged in"
                    .formatted(subscription, response.explanation()));
        }
        return response.body().path("displayName").asString(subscription);
    }

    @Override
    public Inventory read() throws IOException, InterruptedException {
        List<Resource> resources = new ArrayList<>();
        List<ArmId> protectedVaults = new ArrayList<>();
        for (JsonNode group : client.list(scope + "/resourcegroups", GROUPS)) {
            resources.add(resource(group, List.of()));
        }
        for (JsonNode listed : client.list(scope + "/resources", RESOURCES)) {
            ArmId id = ArmId.of(text(listed, "id"));
            Optional<String> version = ApiVersions.whereThePropertiesMatter(id.type());
            JsonNode properties = version.isPresent() && id.isWellFormed() ? properties(id, version.get()) : listed;
            if (properties.path("enablePurgeProtection").asBoolean(false)) {
                protectedVaults.add(id);
            }
            resources.add(resource(listed, ManagedGroups.named(properties, scope)));
        }
        List<Lock> locks = new ArrayList<>();
        for (JsonNode lock : client.list(scope + "/providers/Microsoft.Authorization/locks", LOCKS)) {
            ArmId id = ArmId.of(text(lock, "id"));
            JsonNode properties = lock.path("properties");
            locks.add(new Lock(id, scopeOf(id), text(properties, "level"), text(properties, "notes")));
        }
        List<DenyAssignment> denials = new ArrayList<>();
        for (JsonNode denial : client.list(scope + "/providers/Microsoft.Authorization/denyAssignments", DENIALS)) {
            ArmId id = ArmId.of(text(denial, "id"));
            JsonNode properties = denial.path("properties");
            String at = text(properties, "scope");
            denials.add(new DenyAssignment(
                    id,
                    at.isEmpty() ? scopeOf(id) : ArmId.of(at),
                    text(properties, "denyAssignmentName"),
                    properties.path("isSystemProtected").asBoolean(false)));
        }
        return new Inventory(
                subscription, resources, locks, denials, deletedVaults(), protectedVaults, stages(resources));
    }

    /** The stage of each group that is tagged, or holds anything that is tagged, as an environment of a project. */
    private Map<ArmId, String> stages(List<Resource> resources) throws IOException, InterruptedException {
        Set<ArmId> groups = new LinkedHashSet<>();
        for (Resource resource : resources) {
            if (resource.id().isWellFormed()
                    && resource.tags().keySet().stream().anyMatch(PROJECT_TAG::equalsIgnoreCase)) {
                resource.id().group().ifPresent(groups::add);
            }
        }
        Map<ArmId, String> stages = new LinkedHashMap<>();
        for (ArmId group : groups) {
            JsonNode base = client.read(client.address(
                            group + "/providers/Microsoft.Resources/deployments/" + BASE_DEPLOYMENT, GROUPS))
                    .body()
                    .path("properties");
            // A deployment that failed has no outputs, but tells what it was given.
            String stage = base.at("/outputs/stage/value")
                    .asString(base.at("/parameters/stage/value").asString(""));
            if (!stage.isEmpty()) {
                stages.put(group, stage);
            }
        }
        return stages;
    }

    @Override
    public Optional<Resource> find(ArmId id) throws IOException, InterruptedException {
        String version = id.isGroup() ? GROUPS : "api-version=" + ApiVersions.of(id.type());
        ArmResponse response = client.read(client.address(id.toString(), version));
        return response.status() == 404
                ? Optional.empty()
                : Optional.of(resource(
                        response.body(), ManagedGroups.named(response.body().path("properties"), scope)));
    }

    @Override
    public Answer delete(ArmId id) throws IOException, InterruptedException {
        // Without force a workspace is only put away, and comes back with its old data under the same name.
        String force = id.type().equals("microsoft.operationalinsights/workspaces") ? "&force=true" : "";
        String version = id.isGroup() ? GROUPS : "api-version=" + ApiVersions.of(id.type());
        return answer(client.send("DELETE", client.address(id.toString(), version + force), null));
    }

    @Override
    public Answer purge(DeletedName deleted) throws IOException, InterruptedException {
        return answer(client.send("POST", client.address(deleted.record() + "/purge", VAULTS), null));
    }

    @Override
    public Answer progress(URI operation) throws IOException, InterruptedException {
        ArmResponse response = client.send("GET", operation, null);
        if (!response.isSuccess()) {
            return answer(response);
        }
        String status = response.body().path("status").asString("");
        if (response.status() == 202 || (!status.isEmpty() && !ENDED.contains(status.toLowerCase(Locale.ROOT)))) {
            return new Answer.Running(operation, wait(response));
        }
        return status.isEmpty() || status.equalsIgnoreCase("succeeded")
                ? new Answer.Done()
                : new Answer.Refused(
                        response.code(), "the operation ended as %s: %s".formatted(status, response.explanation()));
    }

    /** Writes one tag and leaves the others; answers what Azure did. */
    public ArmResponse writeTag(ArmId id, String name, String value) throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("operation", "Merge");
        body.putObject("properties").putObject("tags").put(name, value);
        return client.send("PATCH", client.address(id + "/providers/Microsoft.Resources/tags/default", TAGS), body);
    }

    private Answer answer(ArmResponse response) {
        if (response.status() == 202) {
            return response.operation()
                    .<Answer>map(operation -> new Answer.Running(operation, wait(response)))
                    .orElseGet(
                            () -> new Answer.Unclear("Azure took it up and did not say where it can be asked about"));
        }
        if (response.isSuccess()) {
            return new Answer.Done();
        }
        if (response.status() == 404) {
            return new Answer.Unknown();
        }
        if (response.isThrottled() || PASSING.contains(response.code())) {
            return new Answer.Later(wait(response), response.explanation());
        }
        return response.isUnclear()
                ? new Answer.Unclear(response.explanation())
                : new Answer.Refused(response.code(), response.explanation());
    }

    private Duration wait(ArmResponse response) {
        return response.retryAfter(waiting.now()).orElse(USUAL_WAIT);
    }

    private List<DeletedName> deletedVaults() throws IOException, InterruptedException {
        List<DeletedName> deleted = new ArrayList<>();
        for (JsonNode vault : client.list(scope + "/providers/Microsoft.KeyVault/deletedVaults", VAULTS)) {
            JsonNode properties = vault.path("properties");
            deleted.add(new DeletedName(
                    ArmId.of(text(properties, "vaultId")),
                    ArmId.of(text(vault, "id")),
                    text(properties, "location"),
                    tags(properties),
                    text(properties, "deletionDate"),
                    text(properties, "scheduledPurgeDate"),
                    properties.path("purgeProtectionEnabled").asBoolean(false)));
        }
        return deleted;
    }

    private JsonNode properties(ArmId id, String version) throws IOException, InterruptedException {
        ArmResponse response = client.read(client.address(id.toString(), "api-version=" + version));
        return response.body().path("properties");
    }

    private static Resource resource(JsonNode node, List<ArmId> manages) {
        return new Resource(
                ArmId.of(text(node, "id")),
                text(node, "location"),
                tags(node),
                text(node, "managedBy"),
                text(node, "createdTime"),
                manages);
    }

    private static ArmId scopeOf(ArmId authorization) {
        String text = authorization.toString();
        int end = text.toLowerCase(Locale.ROOT).lastIndexOf("/providers/microsoft.authorization/");
        return ArmId.of(end < 0 ? text : text.substring(0, end));
    }

    private static Map<String, String> tags(JsonNode node) {
        Map<String, String> tags = new LinkedHashMap<>();
        node.path("tags")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString("")));
        return tags;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}

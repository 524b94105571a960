package txlookup.azure.fake;

import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmId;
import txlookup.azure.template.ClusterRules;

/** What the fake's providers do when a resource is put: what they add to it, and what stands behind it. */
final class FakeProviders {
    private final FakeState state;
    private final FakeServices services;
    private final FakeAlerts alerts;
    private final URI endpoint;
    private final URI inside;
    private final int appearAfter;
    private final FakeHaste haste;
    private final FakeRevisions revisions;
    private final Set<String> shown = new HashSet<>();
    private final Map<String, Map<String, CompletableFuture<Boolean>>> executions = new LinkedHashMap<>();
    private final Map<String, JsonNode> started = new LinkedHashMap<>();

    /** A provider did not take it. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String code;

        Refused(String code, String message) {
            super(message);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    FakeProviders(
            FakeState state, FakeServices services, FakeAlerts alerts, URI endpoint, URI inside, int appearAfter) {
        this.state = state;
        this.services = services;
        this.alerts = alerts;
        this.endpoint = endpoint;
        this.inside = inside;
        this.appearAfter = appearAfter;
        this.haste = new FakeHaste(state);
        this.revisions = new FakeRevisions(state, services, this::inVault);
        state.onRemoved(resource -> {
            ArmId id = ArmId.of(resource.path("id").asString(""));
            haste.removed(id);
            executions.remove(FakeState.key(id.toString()));
            services.removed(id.type(), id.name());
        });
    }

    /** Makes or replaces a resource. */
    void put(String id, ObjectNode given) {
        ArmId parsed = ArmId.of(id);
        ObjectNode body = given.deepCopy();
        body.removeNulls();
        ObjectNode properties = body.withObject("/properties");
        ObjectNode there = state.find(id);
        haste.require(parsed, body, there != null);
        switch (parsed.type()) {
            case "microsoft.keyvault/vaults" -> requireFree(parsed.name());
            case "microsoft.managedidentity/userassignedidentities" -> {
                String principal = there == null
                        ? UUID.randomUUID().toString()
                        : there.path("properties").path("principalId").asString();
                properties.put("principalId", principal).put("clientId", "client-" + principal);
            }
            case "microsoft.insights/components" -> {
                String key = there == null
                        ? FakeTelemetry.newKey()
                        : there.path("properties").path("InstrumentationKey").asString();
                properties
                        .put("InstrumentationKey", key)
                        .put(
                                "ConnectionString",
                                "InstrumentationKey=%s;IngestionEndpoint=%s/".formatted(key, endpoint));
            }
            case "microsoft.insights/scheduledqueryrules" -> alerts.requireTables(body);
            case "microsoft.app/managedenvironments" ->
                properties
                        .put("defaultDomain", "%s-1a2b3c.koreacentral.azurecontainerapps.io".formatted(parsed.name()))
                        .put("staticIp", "10.0.0.4");
            case "microsoft.operationalinsights/workspaces" ->
                properties.put("customerId", "customer-" + parsed.name());
            case "microsoft.dbforpostgresql/flexibleservers" -> {
                requireComplex(properties.path("administratorLoginPassword").asString(""));
                ClusterRules.refusal(properties, there == null ? null : there.path("properties"))
                        .ifPresent(FakeProviders::refuse);
                properties.put(
                        "fullyQualifiedDomainName",
                        services.server(
                                parsed.name(),
                                properties.path("administratorLogin").asString(""),
                                properties.path("administratorLoginPassword").asString("")));
                if (ClusterRules.nodes(properties) > 0) {
                    services.database(parsed.name(), ClusterRules.database(properties));
                }
            }
            case "microsoft.dbforpostgresql/flexibleservers/databases" -> {
                String server = id.substring(0, id.lastIndexOf('/', id.lastIndexOf('/') - 1));
                ObjectNode above = state.find(server);
                if (above != null && ClusterRules.nodes(above.path("properties")) > 0) {
                    refuse("A cluster has one database, and another cannot be created.");
                }
                services.database(parent(parsed), parsed.name());
            }
            case "microsoft.dbforpostgresql/flexibleservers/administrators" ->
                services.administrator(
                        parent(parsed), properties.path("principalName").asString());
            case "microsoft.storage/storageaccounts" ->
                properties.putObject("primaryEndpoints").put("blob", services.storage(parsed.name()));
            case "microsoft.storage/storageaccounts/blobservices/containers" ->
                services.container(id.split("/")[8], parsed.name());
            case "microsoft.eventhub/namespaces" ->
                properties.put("serviceBusEndpoint", "https://%s/".formatted(services.namespace(parsed.name())));
            case "microsoft.eventhub/namespaces/eventhubs" ->
                services.hub(
                        parent(parsed),
                        parsed.name(),
                        properties.path("partitionCount").asInt(1));
            case "microsoft.app/containerapps" -> {
                revisions.put(parsed, body, there);
            }
            default -> {}
        }
        // Azure answers no secret that it was given.
        properties.remove("administratorLoginPassword");
        new FakeWorld(state).appearLater(appearAfter).put(id, body);
        haste.made(parsed);
    }

    /** One more request went by. */
    void tick() {
        haste.tick();
    }

    private static void refuse(String why) {
        throw new Refused("InvalidParameterValue", why);
    }

    /** 8 to 128 characters of three of four kinds, as the portal and the quickstart of the service say. */
    private static void requireComplex(String password) {
        long kinds = Stream.of(".*[A-Z].*", ".*[a-z].*", ".*\\d.*", ".*[^A-Za-z0-9].*")
                .filter(password::matches)
                .count();
        if (password.length() < 8 || password.length() > 128 || kinds < 3) {
            throw new Refused("InvalidParameterValue", "The administrator login password is not complex enough.");
        }
    }

    /** What is asked about is ready the next time. */
    void looked(ObjectNode resource) {
        revisions.looked(resource);
    }

    FakeRevisions revisions() {
        return revisions;
    }

    /** Changes what is named and leaves the rest: a JSON merge patch, whose lists replace lists. */
    void patch(String id, ObjectNode change) {
        ObjectNode whole = state.find(id).deepCopy();
        merge(whole, change);
        put(id, whole);
    }

    private static void merge(ObjectNode whole, ObjectNode change) {
        change.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode inner
                    && whole.path(field.getKey()).isObject()) {
                merge((ObjectNode) whole.path(field.getKey()), inner);
            } else {
                whole.set(field.getKey(), field.getValue());
            }
        });
    }

    private void requireFree(String vault) {
        boolean held = state.deletedVaults.values().stream()
                .anyMatch(one -> one.path("name").asString("").equalsIgnoreCase(vault));
        if (held) {
            throw new Refused(
                    "ConflictError",
                    "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.");
        }
    }

    private String inVault(String url) {
        String name = url.substring(url.lastIndexOf('/') + 1);
        return state.children.values().stream()
                .filter(child -> FakeState.key(child.path("id").asString("")).endsWith("/secrets/" + name))
                .map(child -> child.path("properties").path("value").asString(""))
                .findFirst()
                .orElse("");
    }

    ObjectNode keys(String id) {
        String name = id.substring(id.lastIndexOf('/') + 1);
        return JsonNodeFactory.instance
                .objectNode()
                .put("primarySharedKey", "key-of-" + name)
                .put(
                        "primaryConnectionString",
                        "Endpoint=sb://fake/;SharedAccessKeyName=%s;SharedAccessKey=fake".formatted(name));
    }

    /** Starts a job; answers its execution. */
    FakeAnswer start(String job) {
        ObjectNode found = state.find(job);
        if (found == null) {
            return FakeAnswer.notFound(job);
        }
        String name = ArmId.of(job).name();
        Map<String, CompletableFuture<Boolean>> ofJob =
                executions.computeIfAbsent(FakeState.key(job), key -> new LinkedHashMap<>());
        String execution = "%s-%d".formatted(name, ofJob.size() + 1);
        started.put(execution, found.path("properties").path("template").deepCopy());
        ofJob.put(
                execution,
                services.job(
                        name,
                        ContainerBody.read(found, this::inVault)
                                .with("CONTAINER_APP_JOB_EXECUTION_NAME", execution)
                                .inside(endpoint, inside)));
        return FakeAnswer.of(202, execution(job, execution));
    }

    /** All executions of a job, or the one that is asked for. */
    FakeAnswer executions(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        String job = path.substring(0, lower.indexOf("/executions"));
        Map<String, CompletableFuture<Boolean>> ofJob = executions.getOrDefault(FakeState.key(job), Map.of());
        if (lower.endsWith("/executions")) {
            ObjectNode list = JsonNodeFactory.instance.objectNode();
            ArrayNode value = list.putArray("value");
            // Lists lag: the newest is not there the first time.
            String newest = ofJob.isEmpty() ? "" : List.copyOf(ofJob.keySet()).get(ofJob.size() - 1);
            boolean lags = shown.add(newest);
            ofJob.keySet().stream()
                    .filter(name -> !lags || !name.equals(newest))
                    .forEach(name -> value.add((JsonNode) execution(job, name)));
            return FakeAnswer.of(200, list);
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        return ofJob.containsKey(name) ? FakeAnswer.of(200, execution(job, name)) : FakeAnswer.notFound(path);
    }

    private ObjectNode execution(String job, String name) {
        CompletableFuture<Boolean> run = executions.get(FakeState.key(job)).get(name);
        String status = !run.isDone()
                ? "Running"
                : run.handle((well, failure) -> failure == null && well).join() ? "Succeeded" : "Failed";
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("id", job + "/executions/" + name)
                .put("name", name);
        // An execution keeps what it was started with, whatever the job is told since (JobExecution, Microsoft.App
        // 2025-07-01).
        body.putObject("properties").put("status", status).set("template", started.get(name));
        return body;
    }

    private static String parent(ArmId child) {
        String id = child.toString();
        String above = id.substring(0, id.lastIndexOf('/', id.lastIndexOf('/') - 1));
        return above.substring(above.lastIndexOf('/') + 1);
    }
}

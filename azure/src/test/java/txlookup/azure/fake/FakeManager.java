package txlookup.azure.fake;

import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fake's answers: which request does what. */
final class FakeManager {
    private static final String OPERATIONS = "/operations/";
    private static final Pattern PURGE = Pattern.compile(
            "(/subscriptions/[^/]+/providers/microsoft.keyvault/locations/[^/]+/deletedvaults/[^/]+)/purge");
    private static final Pattern EXECUTIONS =
            Pattern.compile(".*/providers/microsoft.app/jobs/[^/]+/executions(/[^/]+)?");
    private static final Pattern PATCHED = Pattern.compile(
            ".*/providers/(microsoft.app/(containerapps|jobs)|microsoft.storage/storageaccounts)/[^/]+");
    private static final Pattern REVISION_ACT =
            Pattern.compile(".*/providers/microsoft.app/containerapps/[^/]+/revisions/[^/]+/(de)?activate");
    private static final String BORN_RULE = "/authorizationrules/rootmanagesharedaccesskey";
    private static final int PAGE = 8;

    private final FakeState state;
    private final FakeAzure.Slowness slowness;
    private final URI endpoint;
    private final FakeProviders providers;
    private final FakeDeployments deployments;
    private final FakeTelemetry telemetry;
    private final FakeAlerts alerts;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, String> running = new HashMap<>();
    private final Map<String, FakeAnswer> results = new HashMap<>();
    private int requests;

    /** Something that goes on. */
    private record Operation(int polls, Runnable end) {}

    FakeManager(FakeState state, FakeAzure.Slowness slowness, URI endpoint, URI inside, FakeServices services) {
        this.telemetry = new FakeTelemetry(state, slowness.polls() + 1);
        this.alerts = new FakeAlerts(state, telemetry);
        this.providers = new FakeProviders(state, services, alerts, endpoint, inside, slowness.appearAfter());
        this.deployments = new FakeDeployments(state, providers, slowness.retrySeconds());
        this.state = state;
        this.slowness = slowness;
        this.endpoint = endpoint;
    }

    FakeAnswer answer(String method, URI address, @Nullable ObjectNode body) {
        requests++;
        state.tick();
        telemetry.tick();
        providers.tick();
        if (slowness.throttleEvery() > 0 && requests % slowness.throttleEvery() == 0) {
            return FakeAnswer.throttled(slowness.retrySeconds());
        }
        String path = address.getPath();
        String query = address.getQuery() == null ? "" : address.getQuery();
        if (!path.startsWith(OPERATIONS) && !query.contains("api-version=")) {
            return FakeAnswer.error(
                    400,
                    "MissingApiVersionParameter",
                    "The api-version query parameter (?api-version=) is required for all requests.");
        }
        return switch (method) {
            case "GET" -> path.startsWith(OPERATIONS) ? progress(path) : read(path, query);
            case "DELETE" -> delete(path);
            case "POST" -> post(path, body);
            case "PUT" -> put(path, body);
            case "PATCH" ->
                body != null && PATCHED.matcher(FakeState.key(path)).matches() ? patch(path, body) : tag(path, body);
            default -> FakeAnswer.error(405, "MethodNotAllowed", method);
        };
    }

    /** Every revision that an app's whole traffic went to. */
    List<String> served() {
        return List.copyOf(providers.revisions().served());
    }

    /** What services send to Application Insights; it has nothing to do with the resource manager. */
    FakeTelemetry telemetry() {
        return telemetry;
    }

    private FakeAnswer read(String path, String query) {
        Optional<FakeAnswer> directory =
                FakeDirectory.answer(path, state.readiness).or(() -> state.readiness.read(path));
        if (directory.isPresent()) {
            return directory.get();
        }
        String subscription = "/subscriptions/" + FakeAzure.SUBSCRIPTION;
        if (!FakeState.isWithin(path, subscription)) {
            return FakeAnswer.error(
                    404, "SubscriptionNotFound", "The subscription of '%s' could not be found.".formatted(path));
        }
        String below = path.substring(subscription.length()).toLowerCase(Locale.ROOT);
        return switch (below) {
            case "/resourcegroups" -> page(path, query, state.groups.values());
            case "/resources" -> page(path, query, state.listed());
            case "/providers/microsoft.authorization/locks" -> page(path, query, state.locks.values());
            case "/providers/microsoft.authorization/denyassignments" -> page(path, query, state.denials.values());
            case "/providers/microsoft.alertsmanagement/alerts" -> alerts.list();
            case "/providers/microsoft.keyvault/deletedvaults" -> page(path, query, state.deletedVaults.values());
            default -> {
                if (below.endsWith("/providers/microsoft.resources/deployments")) {
                    yield deployments.list(path);
                }
                if (FakeDeployments.isDeployment(path)) {
                    yield deployments.get(path);
                }
                if (below.endsWith(FakeTelemetry.METRICS)) {
                    yield telemetry.metrics(path, query);
                }
                if (EXECUTIONS.matcher(FakeState.key(path)).matches()) {
                    yield providers.executions(path);
                }
                if (below.matches(".*/providers/microsoft.app/containerapps/[^/]+/revisions")) {
                    yield providers.revisions().list(path);
                }
                ObjectNode found = state.find(path);
                if (found == null) {
                    yield missing(path);
                }
                FakeAnswer answer = FakeAnswer.of(200, withoutSecrets(found));
                providers.looked(found);
                yield answer;
            }
        };
    }

    private static FakeAnswer missing(String path) {
        return FakeState.isGroup(path)
                ? FakeAnswer.error(
                        404,
                        "ResourceGroupNotFound",
                        "Resource group '%s' could not be found.".formatted(path.substring(path.lastIndexOf('/') + 1)))
                : FakeAnswer.notFound(path);
    }

    private FakeAnswer page(String path, String query, Collection<ObjectNode> all) {
        Matcher skip = Pattern.compile("skiptoken=(\\d+)").matcher(query);
        int from = skip.find() ? Integer.parseInt(skip.group(1)) : 0;
        FakeFilter filter = new FakeFilter(query);
        if (!filter.isKnown()) {
            return FakeAnswer.error(400, "InvalidFilterInQueryString", "Invalid $filter in '%s'.".formatted(query));
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode value = body.putArray("value");
        List<ObjectNode> wanted = all.stream().filter(filter::takes).toList();
        wanted.stream().skip(from).limit(PAGE).forEach(value::add);
        if (wanted.size() > from + PAGE) {
            body.put(
                    "nextLink",
                    "%s%s?api-version=2021-04-01%s&$skiptoken=%d"
                            .formatted(endpoint, path, filter.asParameter(), from + PAGE));
        }
        return FakeAnswer.of(200, body);
    }

    private FakeAnswer delete(String path) {
        ObjectNode found = state.find(path);
        if (found == null) {
            return FakeState.isGroup(path) ? missing(path) : FakeAnswer.empty(204);
        }
        for (ObjectNode lock : state.locks.values()) {
            String scope = scopeOf(lock.path("id").asString(""));
            if (FakeState.isWithin(path, scope) || FakeState.isWithin(scope, path)) {
                return FakeAnswer.scopeLocked(path, scope);
            }
        }
        for (ObjectNode denial : state.denials.values()) {
            String scope = denial.path("properties").path("scope").asString("");
            if (FakeState.isWithin(path, scope)) {
                return FakeAnswer.error(
                        403,
                        "DenyAssignmentAuthorizationFailed",
                        "The client has permission to perform action 'Microsoft.Resources/subscriptions/resourceGroups/delete' on scope '%s'; however, the access is denied because of the deny assignment with name '%s' and Id '%s' at scope '%s'."
                                .formatted(
                                        path,
                                        denial.path("name").asString(""),
                                        denial.path("id").asString(""),
                                        scope));
            }
        }
        return running("delete " + FakeState.key(path), () -> {
            state.remove(path, slowness.staleLists());
            deployments.removed(path);
        });
    }

    /** Values of secrets are in no answer but that of listSecrets. */
    private static ObjectNode withoutSecrets(ObjectNode found) {
        ObjectNode shown = found.deepCopy();
        shown.path("properties").path("configuration").path("secrets").forEach(secret -> ((ObjectNode) secret)
                .remove("value"));
        return shown;
    }

    private FakeAnswer patch(String path, ObjectNode body) {
        if (state.find(path) == null) {
            return FakeAnswer.notFound(path);
        }
        try {
            providers.patch(path, body);
        } catch (FakeProviders.Refused e) {
            return FakeAnswer.error(400, e.code(), e.getMessage());
        }
        return FakeAnswer.empty(202);
    }

    private FakeAnswer post(String path, @Nullable ObjectNode body) {
        if (REVISION_ACT.matcher(FakeState.key(path)).matches()) {
            return providers.revisions().act(path);
        }
        String action = path.substring(path.lastIndexOf('/') + 1);
        String resource = path.substring(0, path.lastIndexOf('/'));
        switch (action) {
            case "listKeys" -> {
                // Every namespace is made with this rule, which no template names.
                String named = resource.toLowerCase(Locale.ROOT).endsWith(BORN_RULE)
                        ? resource.substring(0, resource.length() - BORN_RULE.length())
                        : resource;
                return state.find(named) == null
                        ? FakeAnswer.notFound(resource)
                        : FakeAnswer.of(200, providers.keys(resource));
            }
            case "listSecrets" -> {
                ObjectNode app = state.find(resource);
                ObjectNode all = JsonNodeFactory.instance.objectNode();
                if (app != null) {
                    all.set(
                            "value",
                            app.path("properties")
                                    .path("configuration")
                                    .path("secrets")
                                    .deepCopy());
                }
                return app == null ? FakeAnswer.notFound(resource) : FakeAnswer.of(200, all);
            }
            case "exportTemplate" -> {
                return deployments.export(resource);
            }
            case "whatIf" -> {
                return body == null
                        ? FakeAnswer.error(400, "InvalidRequestContent", "The request content was invalid.")
                        : whatIf(resource, body);
            }
            case "validate" -> {
                return FakeDeployments.isDeployment(resource) && body != null
                        ? deployments.validate(resource, body)
                        : FakeAnswer.notFound(path);
            }
            case "start" -> {
                return providers.start(resource);
            }
            case "importImage" -> {
                return state.find(resource) == null
                        ? FakeAnswer.notFound(resource)
                        : running("import " + resource, () -> {});
            }
            case "checkNameAvailability" -> {
                return state.readiness.post(path, body).orElseGet(() -> FakeAnswer.notFound(path));
            }
            default -> {
                return purge(path);
            }
        }
    }

    /** Its result is behind an operation, as it takes Azure a while. */
    private FakeAnswer whatIf(String deployment, ObjectNode body) {
        FakeAnswer result = deployments.whatIf(deployment, body, id -> {
            ObjectNode found = state.find(id);
            return found == null ? null : withoutSecrets(found);
        });
        if (result.status() != 200) {
            return result;
        }
        String id = "whatif" + results.size();
        results.put(id, result);
        return FakeAnswer.empty(202)
                .with(Map.of("Location", endpoint + OPERATIONS + id + "?api-version=2021-04-01", "Retry-After", "0"));
    }

    private FakeAnswer purge(String path) {
        Matcher purge = PURGE.matcher(FakeState.key(path));
        if (!purge.matches() || !state.deletedVaults.containsKey(purge.group(1))) {
            return FakeAnswer.notFound(path);
        }
        String deleted = purge.group(1);
        if (state.deletedVaults
                .get(deleted)
                .path("properties")
                .path("purgeProtectionEnabled")
                .asBoolean(false)) {
            return FakeAnswer.error(400, "MethodNotAllowed", "The vault is protected against purging.");
        }
        return running("purge " + deleted, () -> state.deletedVaults.remove(deleted));
    }

    private FakeAnswer put(String path, @Nullable ObjectNode body) {
        if (body == null) {
            return FakeAnswer.error(400, "InvalidRequestContent", "The request content was invalid.");
        }
        if (FakeDeployments.isDeployment(path)) {
            return deployments.put(path, body);
        }
        try {
            providers.put(path, body);
        } catch (FakeProviders.Refused e) {
            return FakeAnswer.error(409, e.code(), e.getMessage());
        }
        return FakeAnswer.of(201, state.find(path));
    }

    private FakeAnswer tag(String path, @Nullable ObjectNode body) {
        String suffix = "/providers/Microsoft.Resources/tags/default";
        ObjectNode found =
                path.endsWith(suffix) ? state.find(path.substring(0, path.length() - suffix.length())) : null;
        if (found == null || body == null) {
            return FakeAnswer.notFound(path);
        }
        ObjectNode tags = found.withObject("/tags");
        body.path("properties").path("tags").properties().forEach(tag -> tags.set(tag.getKey(), tag.getValue()));
        return FakeAnswer.of(200, found);
    }

    private FakeAnswer running(String what, Runnable end) {
        String id = running.computeIfAbsent(what, key -> "op" + (operations.size() + 1));
        operations.putIfAbsent(id, new Operation(slowness.polls(), () -> {
            end.run();
            running.remove(what);
        }));
        String address = endpoint + OPERATIONS + id + "?api-version=2021-04-01";
        // Providers use one header or the other.
        String header = id.hashCode() % 2 == 0 ? "Location" : "Azure-AsyncOperation";
        return FakeAnswer.empty(202)
                .with(Map.of(header, address, "Retry-After", Integer.toString(slowness.retrySeconds())));
    }

    private FakeAnswer progress(String path) {
        String id = path.substring(OPERATIONS.length());
        if (results.containsKey(id)) {
            return results.get(id);
        }
        Operation operation = operations.get(id);
        if (operation == null) {
            return FakeAnswer.error(404, "ResourceNotFound", "The operation was not found.");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        boolean location = id.hashCode() % 2 == 0;
        if (operation.polls() > 0) {
            operations.put(id, new Operation(operation.polls() - 1, operation.end()));
            return (location ? FakeAnswer.empty(202) : FakeAnswer.of(200, body.put("status", "InProgress")))
                    .with(Map.of(
                            "Retry-After",
                            Integer.toString(slowness.retrySeconds()),
                            location ? "Location" : "Azure-AsyncOperation",
                            endpoint + path));
        }
        if (operation.polls() == 0) {
            operation.end().run();
            operations.put(id, new Operation(-1, () -> {}));
        }
        return location ? FakeAnswer.empty(204) : FakeAnswer.of(200, body.put("status", "Succeeded"));
    }

    private static String scopeOf(String lock) {
        return lock.substring(
                0, lock.toLowerCase(Locale.ROOT).lastIndexOf("/providers/microsoft.authorization/locks/"));
    }

    static List<String> madeByAzure(String component) {
        String group = component.substring(0, component.toLowerCase(Locale.ROOT).indexOf("/providers/"));
        String name = component.substring(component.lastIndexOf('/') + 1);
        return List.of(
                group + "/providers/microsoft.alertsmanagement/smartDetectorAlertRules/Failure Anomalies - " + name,
                group + "/providers/microsoft.insights/actiongroups/Application Insights Smart Detection");
    }
}

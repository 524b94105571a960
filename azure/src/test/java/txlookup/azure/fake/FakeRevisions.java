package txlookup.azure.fake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmId;

/**
 * Apps as Azure keeps them: a revision of each change of the template, one of them or several active, traffic by weight.
 * Secrets and traffic are the app's, and all revisions have them. A suffix that was used once makes nothing new, and says
 * nothing of it (microsoft/azure-container-apps#650); weights go to what is there, and add up to a hundred; a new app's
 * traffic cannot name a revision (hashicorp/terraform-provider-azurerm#27221).
 */
final class FakeRevisions {
    private static final int ALL = 100;

    private final FakeState state;
    private final FakeServices services;
    private final UnaryOperator<String> inVault;
    private final List<String> served = new ArrayList<>();

    FakeRevisions(FakeState state, FakeServices services, UnaryOperator<String> inVault) {
        this.state = state;
        this.services = services;
        this.inVault = inVault;
    }

    /** Every revision that an app's whole traffic went to, in that order. */
    List<String> served() {
        return served;
    }

    /** An app is put or patched; gives it what Azure adds. */
    void put(ArmId app, ObjectNode body, @Nullable ObjectNode there) {
        ObjectNode properties = body.withObject("/properties");
        String before = there == null
                ? ""
                : there.path("properties").path("latestRevisionName").asString("");
        String revision = named(app, properties, there, before);
        String id = "%s/revisions/%s".formatted(app, revision);
        if (state.find(id) == null) {
            requireTraffic(app, properties, there == null ? "" : revision);
            make(app, id, revision, body);
        } else {
            requireTraffic(app, properties, revision);
            if (state.find(id).path("properties").path("active").asBoolean()) {
                start(app, state.find(id), body); // a container that ended is started again
            }
        }
        if (!properties
                .path("configuration")
                .path("activeRevisionsMode")
                .asString("Single")
                .equals("Multiple")) {
            of(app).stream().filter(other -> !name(other).equals(revision)).forEach(this::stop);
        }
        String ready = there == null
                ? ""
                : there.path("properties").path("latestReadyRevisionName").asString("");
        properties
                .put("latestRevisionName", revision)
                .put("latestReadyRevisionName", before.equals(revision) ? ready : before)
                .put("provisioningState", "InProgress");
        route(app, properties, revision);
    }

    private String named(ArmId app, ObjectNode properties, @Nullable ObjectNode there, String before) {
        String suffix = properties.path("template").path("revisionSuffix").asString("");
        if (!suffix.isEmpty()) {
            return app.name() + "--" + suffix;
        }
        JsonNode template = there == null
                ? JsonNodeFactory.instance.missingNode()
                : there.path("properties").path("template");
        return properties.path("template").equals(template)
                ? before
                : "%s--%07d".formatted(app.name(), of(app).size() + 1);
    }

    private void make(ArmId app, String id, String revision, ObjectNode body) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = one.putObject("properties")
                .put("active", true)
                .put("provisioningState", "Provisioned")
                .put("runningState", "Running")
                .put("healthState", "Healthy");
        properties.set("template", body.path("properties").path("template").deepCopy());
        new FakeWorld(state).put(id, one);
        start(app, state.find(id), body);
    }

    private void start(ArmId app, ObjectNode revision, ObjectNode body) {
        ObjectNode whole = body.deepCopy();
        whole.withObject("/properties")
                .set("template", revision.path("properties").path("template").deepCopy());
        revision.withObject("/properties")
                .put("active", true)
                .put("fqdn", services.revision(app.name(), name(revision), ContainerBody.read(whole, inVault)));
    }

    private void stop(ObjectNode revision) {
        ObjectNode properties = revision.withObject("/properties");
        if (properties.path("active").asBoolean()) {
            properties.put("active", false);
            services.deactivated(name(revision));
        }
    }

    private void requireTraffic(ArmId app, ObjectNode properties, String made) {
        int sum = 0;
        Set<String> labels = new HashSet<>();
        for (JsonNode one : traffic(properties)) {
            String revision = one.path("revisionName").asString("");
            ObjectNode there = state.find("%s/revisions/%s".formatted(app, revision));
            int weight = one.path("weight").asInt(0);
            sum += weight;
            boolean known = one.path("latestRevision").asBoolean(false)
                    || (!made.isEmpty() && revision.equals(made))
                    || (there != null
                            && (weight == 0
                                    || there.path("properties").path("active").asBoolean()));
            String label = one.path("label").asString("");
            if (!known || (!label.isEmpty() && !labels.add(label))) {
                throw refused("traffic names %s, which is not active or named twice".formatted(one));
            }
        }
        if (sum != ALL) {
            throw refused("traffic weights add up to %d, not 100".formatted(sum));
        }
    }

    private static FakeProviders.Refused refused(String why) {
        return new FakeProviders.Refused("ContainerAppInvalidTraffic", why);
    }

    private static ArrayNode traffic(ObjectNode properties) {
        return properties.withArray("/configuration/ingress/traffic");
    }

    private void route(ArmId app, ObjectNode properties, String latest) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        for (JsonNode one : traffic(properties)) {
            String revision = one.path("latestRevision").asBoolean(false)
                    ? latest
                    : one.path("revisionName").asString("");
            weights.merge(revision, one.path("weight").asInt(0), Integer::sum);
        }
        weights.values().removeIf(weight -> weight == 0);
        weights.forEach((revision, weight) -> {
            if (weight == ALL
                    && (served.isEmpty() || !served.get(served.size() - 1).equals(revision))) {
                served.add(revision);
            }
        });
        properties.withObject("/configuration/ingress").put("fqdn", services.route(app.name(), weights));
    }

    /** An app that was asked about is made, and its newest revision ready, the next time. */
    void looked(ObjectNode app) {
        if (app.path("properties").has("latestRevisionName")) {
            ObjectNode properties = app.withObject("/properties");
            properties.set("latestReadyRevisionName", properties.path("latestRevisionName"));
            properties.put("provisioningState", "Succeeded");
        }
    }

    /** {@code .../revisions/NAME/activate} and {@code deactivate}. */
    FakeAnswer act(String path) {
        String action = path.substring(path.lastIndexOf('/') + 1);
        ObjectNode revision = state.find(path.substring(0, path.lastIndexOf('/')));
        ArmId app = ArmId.of(path.substring(0, path.toLowerCase(Locale.ROOT).indexOf("/revisions/")));
        if (revision == null) {
            return FakeAnswer.notFound(path);
        }
        if (action.equals("deactivate")) {
            stop(revision);
        } else if (!revision.path("properties").path("active").asBoolean()) {
            start(app, revision, state.find(app.toString()));
        }
        return FakeAnswer.empty(200);
    }

    FakeAnswer list(String path) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode value = body.putArray("value");
        of(ArmId.of(path.substring(0, path.lastIndexOf('/')))).forEach(value::add);
        return FakeAnswer.of(200, body);
    }

    private List<ObjectNode> of(ArmId app) {
        return state.children.entrySet().stream()
                .filter(child -> child.getKey().startsWith(FakeState.key(app + "/revisions/")))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String name(ObjectNode revision) {
        return revision.path("name").asString("");
    }
}

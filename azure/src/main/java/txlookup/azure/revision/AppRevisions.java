package txlookup.azure.revision;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.arm.PassingErrors;
import txlookup.azure.arm.Sleeper;

/** One app, its revisions and its traffic. Each act can be repeated: what is so already stays so. */
public final class AppRevisions {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final ArmClient client;
    private final ArmId app;
    private final String query;
    private final Sleeper waiting;

    /** @param app the app's id */
    public AppRevisions(ArmClient client, ArmId app, String apiVersion, Sleeper waiting) {
        this.client = client;
        this.app = app;
        this.query = "api-version=" + apiVersion;
        this.waiting = waiting;
    }

    /** The app's name. */
    String name() {
        return app.name();
    }

    /** Whether the app is there. */
    boolean isThere() throws IOException, InterruptedException {
        return client.read(client.address(app.toString(), query)).status() != 404;
    }

    private JsonNode app() throws IOException, InterruptedException {
        ArmResponse answer = client.read(client.address(app.toString(), query));
        if (answer.status() == 404) {
            throw new ArmException(
                    "%s is not there: %s; make the environment first".formatted(app.name(), answer.explanation()));
        }
        return answer.body().path("properties");
    }

    /** Where the app itself answers. */
    String fqdn() throws IOException, InterruptedException {
        return app().path("configuration").path("ingress").path("fqdn").asString("");
    }

    Traffic traffic() throws IOException, InterruptedException {
        JsonNode properties = app();
        return Traffic.of(
                properties.path("configuration").path("ingress").path("traffic"),
                properties.path("latestRevisionName").asString(""));
    }

    /** All of them, those that are not active as well. */
    public List<Revision> list() throws IOException, InterruptedException {
        return client.list(app + "/revisions", query).stream().map(Revision::of).toList();
    }

    /** One of them; empty where there is none of that name. */
    public Optional<Revision> find(String revision) throws IOException, InterruptedException {
        ArmResponse answer = client.read(client.address(app + "/revisions/" + revision, query));
        return answer.status() == 404 ? Optional.empty() : Optional.of(Revision.of(answer.body()));
    }

    /** Moves traffic; revisions that it names stay active beside each other. */
    void route(Traffic traffic) throws IOException, InterruptedException {
        String what = "the traffic of " + app.name();
        patch(app, configuration(traffic), what);
        Traffic now = traffic();
        if (!now.equals(traffic)) {
            throw new ArmException(
                    "%s is %s and was to be %s; run the same command again".formatted(what, now, traffic));
        }
    }

    /**
     * Makes a revision that differs from the newest in nothing but its image, or finds it, and activates it: a suffix that
     * was used once makes nothing new (microsoft/azure-container-apps#650).
     */
    Revision make(String suffix, String image, Traffic traffic) throws IOException, InterruptedException {
        String wanted = app.name() + "--" + suffix;
        Optional<Revision> there = find(wanted);
        if (there.isEmpty()) {
            // The newest one may be another that failed; its image is replaced all the same.
            ObjectNode template = (ObjectNode) app().path("template").deepCopy();
            template.put("revisionSuffix", suffix);
            ((ObjectNode) template.path("containers").path(0)).put("image", image);
            ObjectNode change = configuration(traffic);
            change.withObject("/properties").set("template", template);
            patch(app, change, "revision " + wanted);
        } else {
            if (!there.get().active()) {
                activate(wanted);
            }
            route(traffic);
        }
        return find(wanted)
                .orElseThrow(() -> new ArmException("Azure took revision %s and does not have it".formatted(wanted)));
    }

    private static ObjectNode configuration(Traffic traffic) {
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        ObjectNode configuration =
                change.putObject("properties").putObject("configuration").put("activeRevisionsMode", "Multiple");
        configuration.putObject("ingress").set("traffic", traffic.body());
        return change;
    }

    /** Starts a revision that was stopped. */
    public void activate(String revision) throws IOException, InterruptedException {
        act(revision, "activate");
    }

    /** Stops a revision; one that is not there is stopped. */
    public void deactivate(String revision) throws IOException, InterruptedException {
        act(revision, "deactivate");
    }

    private void act(String revision, String action) throws IOException, InterruptedException {
        send(
                "POST",
                client.address("%s/revisions/%s/%s".formatted(app, revision, action), query),
                null,
                "%s of %s".formatted(action, revision));
    }

    /** Stops every other revision: it costs replicas, and would be asked to prepare for a switch. */
    void stopAllBut(String... kept) throws IOException, InterruptedException {
        for (Revision other : list()) {
            if (other.active() && !List.of(kept).contains(other.name())) {
                deactivate(other.name());
            }
        }
    }

    /** Gives a job of this environment another image; its next execution runs it. */
    public void imageOfJob(ArmId job, String image) throws IOException, InterruptedException {
        ArmResponse answer = client.read(client.address(job.toString(), query));
        if (answer.status() == 404) {
            throw new ArmException(
                    "%s is not there: %s; make the environment first".formatted(job.name(), answer.explanation()));
        }
        ObjectNode template =
                (ObjectNode) answer.body().path("properties").path("template").deepCopy();
        ((ObjectNode) template.path("containers").path(0)).put("image", image);
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        change.putObject("properties").set("template", template);
        patch(job, change, "the image of " + job.name());
    }

    /** A list replaces a list, everything that is not named stays: the profile and the secrets among it. */
    private void patch(ArmId id, ObjectNode change, String what) throws IOException, InterruptedException {
        URI address = client.address(id.toString(), query);
        send("PATCH", address, change, what);
        Instant until = waiting.now().plus(PATIENCE);
        while (true) {
            JsonNode properties = client.read(address).body().path("properties");
            String state = properties.path("provisioningState").asString("Succeeded");
            // What failed shows at the revision itself, which is asked whether it is ready.
            if (Set.of("Succeeded", "Failed", "Canceled").contains(state)) {
                return;
            }
            if (!waiting.now().isBefore(until)) {
                throw new ArmException("%s is not done after %s; run the same command again".formatted(what, PATIENCE));
            }
            waiting.pause(LOOK_EVERY);
        }
    }

    private void send(String method, URI address, @Nullable JsonNode body, String what)
            throws IOException, InterruptedException {
        Instant until = waiting.now().plus(PATIENCE);
        while (true) {
            ArmResponse answer = client.send(method, address, body);
            if (answer.isSuccess()) {
                return;
            }
            boolean again = answer.isThrottled()
                    || answer.isUnclear()
                    || PassingErrors.passes(answer.body().path("error"))
                    || PassingErrors.passes(answer.body());
            if (!again || !waiting.now().isBefore(until)) {
                throw new ArmException("%s: %s".formatted(what, answer.explanation()));
            }
            waiting.pause(answer.retryAfter(waiting.now()).orElse(LOOK_EVERY));
        }
    }
}

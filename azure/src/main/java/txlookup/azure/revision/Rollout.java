package txlookup.azure.revision;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.Sleeper;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.StepFailure;

/**
 * Another image of the lookup API beside the one that serves, judged under its own address, then given the traffic. Until
 * the gates held, no request of a user reaches it. Everything that is remembered is in Azure: the revision is named after
 * its image, and labels say what is what; so the same command after a kill goes on where the first one was.
 */
public final class Rollout {
    private static final int DIGITS = 12;
    private static final String SHA = "sha256:";
    private static final String THROUGH_THE_APP = "through the app's address";

    private final AppRevisions revisions;
    private final RevisionReadiness readiness;
    private final RevisionJudge judge;
    private final Sleeper waiting;
    private final Duration ready;
    private final Consumer<String> tell;
    private final List<GateResult> gates = new ArrayList<>();

    /** What has to be done before a revision of the new image starts: its copy, and the expansion of the schema. */
    @FunctionalInterface
    public interface Preparation {
        void run() throws IOException, InterruptedException;
    }

    /** @param ready how long a revision may take to be ready */
    public Rollout(
            AppRevisions revisions, RevisionJudge judge, Sleeper waiting, Duration ready, Consumer<String> tell) {
        this.revisions = revisions;
        this.readiness = new RevisionReadiness(revisions, waiting);
        this.judge = judge;
        this.waiting = waiting;
        this.ready = ready;
        this.tell = tell;
    }

    /**
     * Deploys.
     *
     * @param image in the environment's own registry, by digest
     * @throws IOException when Azure gives no usable answer; nothing is decided, and the same command goes on
     */
    public Decided deploy(String image, Preparation preparation) throws IOException, InterruptedException {
        Instant started = waiting.now();
        Traffic before = revisions.traffic();
        Revision serving = require(before.serving());
        if (serving.image().equals(image)) {
            return confirm(before, serving, started);
        }
        preparation.run();
        String suffix = "i" + image.substring(image.indexOf(SHA) + SHA.length()).substring(0, DIGITS);
        String name = revisions.name() + "--" + suffix;
        Traffic base = before.without(name);
        // First by name: with "the latest" as the target, a new revision would have everything at once.
        revisions.route(base);
        Revision candidate = revisions.make(suffix, image, base.and(Traffic.CANDIDATE, name));
        tell.accept("revision %s beside %s, which answers".formatted(name, serving.name()));
        String failure = judged(candidate);
        if (failure.isEmpty()) {
            revisions.route(Traffic.to(name).and(Traffic.PREVIOUS, serving.name()));
            tell.accept("revision %s answers; %s stays as the way back".formatted(name, serving.name()));
            failure = smoke(RevisionReadiness.address(revisions.fqdn()), THROUGH_THE_APP);
        }
        if (!failure.isEmpty()) {
            revisions.route(base);
            revisions.deactivate(name);
            return decided(false, serving, candidate, serving.name(), failure, started);
        }
        revisions.stopAllBut(name, serving.name());
        return decided(true, serving, candidate, name, "", started);
    }

    /** It answers already: an earlier run was ended after the move, or somebody gives the same image again. */
    private Decided confirm(Traffic now, Revision serving, Instant started) throws IOException, InterruptedException {
        String earlier = now.labelled(Traffic.PREVIOUS).orElse(serving.name());
        String failure = smoke(RevisionReadiness.address(revisions.fqdn()), THROUGH_THE_APP);
        if (failure.isEmpty()) {
            revisions.stopAllBut(serving.name(), earlier);
        }
        return decided(failure.isEmpty(), require(earlier), serving, serving.name(), failure, started);
    }

    /** Why the candidate does not pass; empty text where it does. */
    private String judged(Revision candidate) throws IOException, InterruptedException {
        URI address;
        try {
            address = readiness.await(candidate.name(), ready);
        } catch (RevisionReadiness.NotReadyException e) {
            return e.getMessage();
        }
        String failure = smoke(address, "");
        return failure.isEmpty() ? of("gates", () -> judge.objectives(address), "") : failure;
    }

    private String smoke(URI address, String where) throws InterruptedException {
        return of("smoke", () -> judge.smoke(address), where);
    }

    private interface Judged {
        List<GateResult> run() throws Exception;
    }

    private String of(String what, Judged judged, String where) throws InterruptedException {
        List<GateResult> results;
        try {
            results = judged.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            StepFailure.stopIfInterrupted(e);
            return "%s could not be judged: %s".formatted(what, e.getMessage());
        }
        results.stream()
                .map(result -> where.isEmpty()
                        ? result
                        : new GateResult(
                                result.gate() + " " + where, result.passed(), result.measured(), result.wanted()))
                .forEach(gates::add);
        return results.stream()
                .filter(result -> !result.passed())
                .findFirst()
                .map(failed -> "%s: saw %s, wanted %s".formatted(failed.gate(), failed.measured(), failed.wanted()))
                .orElse("");
    }

    /**
     * Gives the traffic back to the revision that answered before. Ready and a smoke test first, then the move; the
     * objectives after it, since an operator who goes back is in a hurry. A gate that fails then is a NO_GO, and changes nothing.
     *
     * @throws IllegalStateException when there is no earlier revision
     */
    public Decided rollBack() throws IOException, InterruptedException {
        Instant started = waiting.now();
        Traffic before = revisions.traffic();
        Revision serving = require(before.serving());
        Revision faulty = serving;
        Revision earlier = serving;
        if (before.labelled(Traffic.WITHDRAWN).isPresent()) {
            // The move was made, by a run that ended before its evidence.
            faulty = require(before.labelled(Traffic.WITHDRAWN).get());
        } else {
            earlier = require(before.labelled(Traffic.PREVIOUS)
                    .orElseThrow(() -> new IllegalStateException(
                            "%s has no earlier revision to go back to; deploy the earlier image with txlookup env deploy"
                                    .formatted(revisions.name()))));
            revisions.activate(earlier.name());
            String failure = back(earlier);
            if (!failure.isEmpty()) {
                return decided("rollback-app", false, serving, earlier, serving.name(), failure, started);
            }
            revisions.route(Traffic.to(earlier.name()).and(Traffic.WITHDRAWN, serving.name()));
            tell.accept("revision %s answers again; %s is withdrawn".formatted(earlier.name(), serving.name()));
        }
        URI address = RevisionReadiness.address(revisions.fqdn());
        String failure = smoke(address, THROUGH_THE_APP);
        if (failure.isEmpty()) {
            failure = of("gates", () -> judge.objectives(address), "");
        }
        return decided("rollback-app", failure.isEmpty(), faulty, earlier, earlier.name(), failure, started);
    }

    /** After the evidence of a roll back was kept: what was withdrawn has no label any more, and stops. */
    public void forgetWithdrawn() throws IOException, InterruptedException {
        String serving = revisions.traffic().serving();
        revisions.route(Traffic.to(serving));
        revisions.stopAllBut(serving);
    }

    private String back(Revision earlier) throws IOException, InterruptedException {
        try {
            return smoke(readiness.await(earlier.name(), ready), "");
        } catch (RevisionReadiness.NotReadyException e) {
            return e.getMessage();
        }
    }

    private Revision require(String revision) throws IOException, InterruptedException {
        return revisions
                .find(revision)
                .orElseThrow(() -> new ArmException(
                        "%s names revision %s, which is not there".formatted(revisions.name(), revision)));
    }

    private Decided decided(boolean go, Revision from, Revision to, String serving, String reason, Instant started) {
        return decided("deploy", go, from, to, serving, reason, started);
    }

    private Decided decided(
            String act, boolean go, Revision from, Revision to, String serving, String reason, Instant started) {
        return new Decided(act, go, from, to, serving, gates, reason, started, waiting.now());
    }
}

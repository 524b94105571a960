package txlookup.rebuild;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.Generation;
import txlookup.apply.store.Generation.State;
import txlookup.apply.store.GenerationRegistry;
import txlookup.apply.store.PartitionAnchor;
import txlookup.apply.store.StoreContents;
import txlookup.backfill.Manifest;
import txlookup.backfill.source.Input;
import txlookup.migrations.Migrations;
import txlookup.profiles.GenerationNumber;
import txlookup.profiles.Profile;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.evidence.EvidenceTable;

/**
 * The seven steps of rebuild-policy.md on any platform, then its gates, then one decision. Every step can be run again:
 * a rebuild that was killed is begun again with the same journal and finds what is done done.
 */
public final class Rebuild {
    private static final Logger log = LoggerFactory.getLogger(Rebuild.class);
    private static final Duration RETRY_AFTER = Duration.ofMinutes(10);

    private final Profile profile;
    private final Platform platform;
    private final Path journalFile;
    private final Path evidenceFolder;
    private final RebuildListener listener;
    private final Clock clock;
    private final List<Evidence.StepRecord> steps = new ArrayList<>();
    private final List<GateResult> gates = new ArrayList<>();
    private List<Anchor> anchors = List.of();
    private @Nullable Instant extractReadAt;
    private Manifest manifest;

    /** Where a partition's stream begins: pinned before the first row is loaded. */
    private record Anchor(String topic, int partition, long startOffset) {}

    /**
     * Prepares a rebuild; nothing is done yet.
     *
     * @param journalFile remembers a rebuild that is not decided; the next one goes on with it
     * @param evidenceFolder gets a folder for each generation
     */
    public Rebuild(
            Profile profile,
            Platform platform,
            Path journalFile,
            Path evidenceFolder,
            RebuildListener listener,
            Clock clock) {
        this.profile = profile;
        this.platform = platform;
        this.journalFile = journalFile;
        this.evidenceFolder = evidenceFolder;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Runs all steps and gates, and decides.
     *
     * @throws InterruptedException when it is to stop; the journal stays open and the next run goes on
     */
    public Evidence run() throws IOException, InterruptedException {
        Instant started = clock.instant();
        Journal journal = openJournal();
        Decision decision;
        try {
            steps(journal);
            judge(journal);
            new GenerationRegistry(platform.store()).moveTo(journal.generation(), State.ACTIVE, "GO");
            decision = Decision.go(gates);
        } catch (StepFailure failure) {
            log.debug("NO_GO", failure);
            decision = Decision.noGo(
                    gates, failure, profile.naming().owner(), clock.instant().plus(RETRY_AFTER));
        } catch (SQLException | RuntimeException e) {
            stopIfInterrupted(e);
            StepFailure failure = new StepFailure(
                    FailureCause.ENVIRONMENT_BLOCKED,
                    String.valueOf(e.getMessage()),
                    "look at the database, then begin a new rebuild",
                    e);
            decision = Decision.noGo(
                    gates, failure, profile.naming().owner(), clock.instant().plus(RETRY_AFTER));
        }
        if (!decision.go()) {
            remember(journal, decision);
        }
        Evidence evidence = new Evidence(
                journal.generation(),
                journal.cutover(),
                profile.names().consumerGroup(number(journal)),
                started,
                clock.instant(),
                List.copyOf(steps),
                manifest,
                decision,
                Build.ofThisProcess(System.getenv()));
        evidence.write(evidenceFolder);
        EvidenceChain chain = new EvidenceChain(evidenceFolder);
        chain.append(Long.toString(journal.generation()), bundle(evidence));
        copy(chain, journal);
        journal.decided(decision).write(journalFile);
        return evidence;
    }

    private Bundle.Draft bundle(Evidence evidence) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put("profile", profile.origin());
        inputs.put("stage", profile.stage().name());
        inputs.put("owner", profile.naming().owner());
        inputs.put("env", profile.naming().env());
        inputs.put("topics", List.of(profile.ledgerTopic(), profile.paymentOrderTopic()));
        Bundle.Draft draft = new Bundle.Draft(
                        "rebuild",
                        Long.toString(evidence.generation()),
                        evidence.decision().verdict())
                .add("inputs", inputs)
                .add("build", evidence.build())
                .add("generation", generation(evidence));
        evidence.steps().forEach(step -> draft.add("step", step));
        anchors.forEach(anchor -> draft.add("anchor", anchor));
        if (manifest != null) {
            draft.add("manifest", manifest);
        }
        gates.forEach(gate -> draft.add("gate", gate));
        return draft.add("decision", evidence.decision());
    }

    private Map<String, Object> generation(Evidence evidence) {
        Map<String, Object> generation = new LinkedHashMap<>();
        generation.put("generation", evidence.generation());
        generation.put("cutover", evidence.cutover());
        if (extractReadAt != null) {
            generation.put("asOf", extractReadAt);
        }
        generation.put("consumerGroup", evidence.consumerGroup());
        generation.put("started", evidence.started());
        generation.put("ended", evidence.ended());
        return generation;
    }

    /** The console reads the store; the folder has the evidence in any case, and the next rebuild copies what is missing. */
    private void copy(EvidenceChain chain, Journal journal) throws IOException {
        if (steps.size() < Step.SECRETS.number()) {
            log.warn(
                    "The evidence of generation {} is in {} alone: there was no store yet; the next rebuild copies it",
                    journal.generation(),
                    evidenceFolder);
            return;
        }
        try {
            new EvidenceTable(platform.store()).copy(chain);
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "The evidence of generation {} is in {} alone, the next rebuild copies it; the store could not take it: {}",
                    journal.generation(),
                    evidenceFolder,
                    e.getMessage());
        }
    }

    /** The registry says FAILED as far as there is a registry; the evidence says it in any case. */
    private void remember(Journal journal, Decision decision) {
        if (steps.size() < Step.MIGRATE.number()) {
            return;
        }
        try {
            new GenerationRegistry(platform.store())
                    .moveTo(journal.generation(), State.FAILED, decision.cause() + ": " + decision.reason());
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "The registry could not be told that generation {} failed: {}",
                    journal.generation(),
                    e.getMessage());
        }
    }

    private Journal openJournal() throws IOException {
        Optional<Journal> last = Journal.read(journalFile);
        Optional<Journal> unfinished = last.filter(Journal::isOpen);
        Journal journal = unfinished.orElseGet(() -> Journal.begin(clock.instant(), last));
        journal.write(journalFile);
        listener.begins(journal, unfinished.isPresent());
        return journal;
    }

    private void steps(Journal journal) throws InterruptedException {
        step(Step.CREATE, platform::create);
        step(Step.SECRETS, platform::injectSecrets);
        step(Step.MIGRATE, () -> migrate(journal));
        step(Step.BACKFILL, () -> backfill(journal));
        step(Step.CONSUME, () -> consume(journal));
        step(Step.SMOKE, this::smoke);
        step(Step.MONITOR, this::monitor);
        gates.add(new GateResult("the seven steps", true, steps.size() + " of 7", "7 of 7"));
    }

    private interface Act {
        String run() throws Exception;
    }

    private void step(Step step, Act act) throws InterruptedException {
        listener.stepBegins(step);
        Instant started = clock.instant();
        String detail;
        try {
            detail = act.run();
        } catch (StepFailure | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            stopIfInterrupted(e);
            log.debug("{} failed", step, e);
            throw new StepFailure(
                    step.cause(),
                    "step %d, %s: %s".formatted(step.number(), step.title(), e.getMessage()),
                    "mend what the message names, then begin a new rebuild",
                    e);
        }
        Duration elapsed = Duration.between(started, clock.instant());
        steps.add(new Evidence.StepRecord(step, started, elapsed, detail));
        listener.stepEnds(step, elapsed, detail);
    }

    private String migrate(Journal journal) throws SQLException {
        Migrations migrations = new Migrations(platform.store());
        List<String> applied = migrations.toHead();
        Migrations.Revision revision = migrations.revision();
        if (!revision.isHead()) {
            throw new StepFailure(
                    FailureCause.MIGRATION_FAILED,
                    "the database is at %s and this build's head is %s".formatted(revision.current(), revision.head()),
                    "use the build that migrated the database, or make the database again",
                    null);
        }
        loading().plan(journal.generation(), journal.cutover());
        return "revision %s = head, %d migrations applied".formatted(revision.current(), applied.size());
    }

    private String backfill(Journal journal) throws Exception {
        Optional<Instant> asOf = platform.extractReadAt(journal.cutover());
        int partitions = loading().anchor(journal.generation(), journal.cutover(), asOf, platform.brokerSettings());
        extractReadAt = asOf.orElse(null);
        anchors = new StoreContents(platform.store())
                .stream(journal.generation()).stream()
                        .map(pinned -> new Anchor(pinned.topic(), pinned.partition(), pinned.startOffset()))
                        .toList();
        String held = requireHeld(loading().advance(journal.generation(), State.ANCHORED));
        List<Input> inputs = platform.extract(journal.cutover());
        manifest = loading().load(journal.generation(), journal.cutover(), inputs, listener.backfill());
        return "T_cutover %s pinned in %d partitions%s%s; %,d rows loaded, %,d rejected, in %.1f s"
                .formatted(
                        journal.cutover(),
                        partitions,
                        asOf.map(instant -> ", for an extract read at " + instant)
                                .orElse(""),
                        held,
                        manifest.rows(),
                        manifest.rejected(),
                        manifest.elapsed().toMillis() / 1000.0);
    }

    private String consume(Journal journal) throws Exception {
        Generation generation = loading().advance(journal.generation(), State.CATCHING_UP);
        String held = requireHeld(generation);
        String running = platform.startConsumers(generation);
        long records =
                new CatchUp(platform).await(generation, List.of(profile.ledgerTopic(), profile.paymentOrderTopic()));
        return "%s; group %s caught up after %,d records%s"
                .formatted(running, generation.consumerGroup(), records, held);
    }

    /** Ends with nothing, or with what the platform itself knows of the log. */
    private String requireHeld(Generation generation) throws Exception {
        List<PartitionAnchor> next = new StoreContents(platform.store())
                .stream(generation.number()).stream()
                        .map(at -> new PartitionAnchor(at.topic(), at.partition(), null, at.nextOffset()))
                        .toList();
        return platform.requireHeld(generation, next).map(line -> "; " + line).orElse("");
    }

    private Loading loading() {
        return new Loading(profile, platform.store(), clock);
    }

    private String smoke() throws Exception {
        URI api = platform.startApi();
        Optional<String> known = new StoreContents(platform.store()).someTxId();
        List<GateResult> results = new Smoke(api, platform::lookupToken).check(known);
        gates.addAll(results);
        results.stream().filter(result -> !result.passed()).findFirst().ifPresent(failed -> {
            throw new StepFailure(
                    FailureCause.SMOKE_FAILED,
                    "%s: saw %s, wanted %s".formatted(failed.gate(), failed.measured(), failed.wanted()),
                    "look at the API's log",
                    null);
        });
        return "%s answers %s"
                .formatted(
                        api,
                        String.join(
                                " and ",
                                results.stream().map(GateResult::measured).toList()));
    }

    private String monitor() throws Exception {
        int series = new Monitoring(platform.metrics()).requireSeries();
        return "%d processes scraped, %,d series; freshness, latency and lag are there"
                .formatted(platform.metrics().size(), series);
    }

    private void judge(Journal journal) throws InterruptedException, SQLException {
        Generation generation = loading().advance(journal.generation(), State.READY);
        for (Platform.Gate gate : platform.gates()) {
            List<GateResult> results;
            try {
                results = gate.judge(generation);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                stopIfInterrupted(e);
                throw new StepFailure(gate.cause(), "could not be judged: " + e.getMessage(), gate.unblock(), e);
            }
            results.forEach(listener::gate);
            gates.addAll(results);
            results.stream().filter(result -> !result.passed()).findFirst().ifPresent(failed -> {
                throw new StepFailure(
                        gate.cause(),
                        "%s: saw %s, wanted %s".formatted(failed.gate(), failed.measured(), failed.wanted()),
                        gate.unblock(),
                        null);
            });
        }
    }

    /** What failed because the process is to stop is no verdict about the environment. */
    private static void stopIfInterrupted(Exception e) throws InterruptedException {
        if (Thread.interrupted()) {
            InterruptedException stop = new InterruptedException(e.getMessage());
            stop.initCause(e);
            throw stop;
        }
    }

    private static GenerationNumber number(Journal journal) {
        return new GenerationNumber(journal.generation());
    }
}

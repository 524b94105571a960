package txlookup.rebuild;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.apply.store.position.StoreStats;
import txlookup.backfill.Manifest;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.source.Input;
import txlookup.consumer.poll.OlderClientWantedException;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.rebuild.evidence.Build;
import txlookup.rebuild.evidence.Decision;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.evidence.RebuildBundle;
import txlookup.rebuild.metrics.Monitoring;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.serving.LiveGenerations;
import txlookup.rebuild.steps.CatchUp;
import txlookup.rebuild.steps.Comparison;
import txlookup.rebuild.steps.DiskFloor;
import txlookup.rebuild.steps.Handover;
import txlookup.rebuild.steps.Loading;
import txlookup.rebuild.steps.Room;
import txlookup.rebuild.steps.Smoke;
import txlookup.rebuild.steps.Step;
import txlookup.rebuild.steps.StepFailure;
import txlookup.rebuild.steps.SwitchWhen;

/**
 * The seven steps of docs/policy.md on any platform, then its gates, then one decision. What serves is not touched
 * until then. Every step can be run again: a rebuild that was killed is begun again with the same journal and finds what
 * is done done.
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
    private final RebuildBundle bundle;
    private final Handover handovers;
    private @Nullable Manifest manifest;

    /**
     * Prepares a rebuild; nothing is done yet.
     *
     * @param journalFile remembers a rebuild that is not decided; the next one goes on with it
     * @param evidenceFolder gets a folder for each generation
     * @param switching whether GO makes the generation what serves
     * @param comparison of the generation with what serves, before that
     */
    public Rebuild(
            Profile profile,
            Platform platform,
            Path journalFile,
            Path evidenceFolder,
            RebuildListener listener,
            Clock clock,
            SwitchWhen switching,
            Comparison comparison) {
        this.profile = profile;
        this.platform = platform;
        this.journalFile = journalFile;
        this.evidenceFolder = evidenceFolder;
        this.listener = listener;
        this.clock = clock;
        this.handovers = new Handover(platform, profile.serving(), switching, comparison);
        this.bundle = new RebuildBundle(profile);
    }

    /**
     * Runs all steps and gates, and decides.
     *
     * @throws InterruptedException when it is to stop; the journal stays open and the next run goes on
     * @throws OlderClientWantedException when the broker wants the older Kafka client; the run on that one goes on
     */
    public Evidence run() throws IOException, InterruptedException {
        Instant started = clock.instant();
        Journal journal = openJournal();
        Decision decision;
        Handover.Result handover = null;
        try {
            steps(journal);
            new Judge(platform.gates(), listener).judge(loading(journal).find(journal.generation()), gates);
            accept();
            loading(journal).advance(journal.generation(), State.READY);
            handover = handovers.of(journal.generation());
            bundle.serves(live().serving().orElseThrow());
            decision = Decision.go(gates);
        } catch (StepFailure failure) {
            log.debug("NO_GO", failure);
            decision = noGo(failure);
        } catch (OlderClientWantedException e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            StepFailure.stopIfInterrupted(e);
            decision = noGo(new StepFailure(
                    FailureCause.ENVIRONMENT_BLOCKED,
                    String.valueOf(e.getMessage()),
                    "look at the database, then begin a new rebuild",
                    e));
        }
        Aftermath aftermath = new Aftermath(platform, evidenceFolder, steps.size());
        if (!decision.go()) {
            aftermath.failed(journal, decision);
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
                handover,
                Build.ofThisProcess(System.getenv()));
        aftermath.keep(evidence, bundle);
        journal.decided(decision).write(journalFile);
        return evidence;
    }

    private void accept() throws InterruptedException {
        try {
            platform.accept();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            StepFailure.stopIfInterrupted(e);
            throw new StepFailure(
                    FailureCause.ENVIRONMENT_BLOCKED,
                    "callers cannot be given the lookup API that was judged: " + e.getMessage(),
                    "mend what the message names, then begin a new rebuild",
                    e);
        }
    }

    private Decision noGo(StepFailure failure) {
        return Decision.noGo(
                gates, failure, profile.naming().owner(), clock.instant().plus(RETRY_AFTER));
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
        step(Step.SMOKE, () -> smoke(journal));
        step(Step.MONITOR, () -> monitor(journal));
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
        } catch (StepFailure | InterruptedException | OlderClientWantedException e) {
            throw e;
        } catch (Exception e) {
            StepFailure.stopIfInterrupted(e);
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

    private String migrate(Journal journal) throws Exception {
        Migrations control = Migrations.ofControl(platform.control());
        int applied = Loading.migrate(control).size();
        boolean beside =
                new Room(live(), profile.database().poolSize(), platform.freeDisk()).require(journal.generation());
        String egress =
                beside ? platform.requireEgress().map(line -> "; " + line).orElse("") : "";
        applied +=
                loading(journal).plan(journal.generation(), journal.cutover()).size();
        return "%s at %s = head, schema %s made at head, %d migrations applied%s"
                .formatted(
                        Migrations.CONTROL,
                        control.revision().current(),
                        Migrations.schema(journal.generation()),
                        applied,
                        egress);
    }

    private String backfill(Journal journal) throws Exception {
        Optional<Instant> asOf = platform.extractReadAt(journal.cutover());
        int partitions =
                loading(journal).anchor(journal.generation(), journal.cutover(), asOf, platform.brokerSettings());
        List<RebuildBundle.Anchor> anchors = contents(journal).stream().stream()
                .map(at -> new RebuildBundle.Anchor(at.topic(), at.partition(), at.startOffset()))
                .toList();
        bundle.pinned(anchors, asOf.orElse(null));
        String held = requireHeld(loading(journal).advance(journal.generation(), State.ANCHORED));
        List<Input> inputs = platform.extract(journal.cutover());
        BackfillProgress told = new DiskFloor(listener.backfill(), platform::freeDisk, Duration.ofSeconds(1));
        manifest = loading(journal).load(journal.generation(), journal.cutover(), inputs, told);
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
        Generation generation = loading(journal).advance(journal.generation(), State.CATCHING_UP);
        String held = requireHeld(generation);
        String running = platform.startConsumers(generation);
        long records =
                new CatchUp(platform).await(generation, List.of(profile.ledgerTopic(), profile.paymentOrderTopic()));
        return "%s; group %s caught up after %,d records%s"
                .formatted(running, generation.consumerGroup(), records, held);
    }

    /** Ends with nothing, or with what the platform itself knows of the log. */
    private String requireHeld(Generation generation) throws Exception {
        List<PartitionAnchor> next = new StoreStats(platform.store(generation.number()))
                .stream().stream()
                        .map(at -> new PartitionAnchor(at.topic(), at.partition(), null, at.nextOffset()))
                        .toList();
        return platform.requireHeld(generation, next).map(line -> "; " + line).orElse("");
    }

    private Loading loading(Journal journal) {
        return new Loading(profile, platform.store(journal.generation()), clock);
    }

    private StoreStats contents(Journal journal) {
        return new StoreStats(platform.store(journal.generation()));
    }

    private LiveGenerations live() {
        return new LiveGenerations(platform.control());
    }

    private String smoke(Journal journal) throws Exception {
        URI api = platform.startApi();
        Optional<String> known = contents(journal).someTxId();
        List<GateResult> results =
                new Smoke(api, platform::lookupToken, OptionalLong.of(journal.generation())).check(known);
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

    private String monitor(Journal journal) throws Exception {
        Map<String, URI> metrics = platform.metrics(loading(journal).find(journal.generation()));
        int series = new Monitoring(metrics).requireSeries();
        return "%d processes scraped, %,d series; freshness, latency and lag are there"
                .formatted(metrics.size(), series);
    }

    private static GenerationNumber number(Journal journal) {
        return new GenerationNumber(journal.generation());
    }
}

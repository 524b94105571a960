package txlookup.rebuild.steps;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.StoreStats;
import txlookup.backfill.Backfill;
import txlookup.backfill.BackfillPlan;
import txlookup.backfill.Manifest;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.ExtractFiles;
import txlookup.backfill.source.Input;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.consumer.offsets.GapException;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.rebuild.platform.FailureCause;

/**
 * A generation up to the end of its backfill: entered in the registry, pinned, loaded. Each act can be repeated; what an
 * earlier process did stays as it did it.
 */
public final class Loading {
    /** How long a pause may keep a source's snapshot open, and its vacuum from what was deleted since. */
    private static final Duration SNAPSHOT_HELD = Duration.ofMinutes(1);

    private final Profile profile;
    private final DataSource store;
    private final GenerationRegistry registry;
    private final StreamStart streamStart;
    private final Clock clock;

    /** @param store connections to the generation, whose schema need not be there yet; the control schema is at head */
    public Loading(Profile profile, DataSource store, Clock clock) {
        this.profile = profile;
        this.store = store;
        this.registry = new GenerationRegistry(store);
        this.streamStart = new StreamStart(profile, store, registry, clock);
        this.clock = clock;
    }

    /**
     * Enters a generation and makes its schema, empty and at this build's head.
     *
     * @return the versions that this call applied
     * @throws IllegalStateException when the registry has a later one: numbers only grow (docs/architecture.md,
     *     invariant 7)
     */
    public List<String> plan(long number, Instant cutover) throws SQLException {
        for (Generation other : registry.list()) {
            if (other.number() > number) {
                throw new IllegalStateException(
                        "Generation %d is older than %d, which is in the registry; begin one with a later cutover"
                                .formatted(number, other.number()));
            }
        }
        registry.plan(new Generation(
                number,
                profile.naming().env(),
                profile.naming().owner(),
                profile.names().consumerGroup(new GenerationNumber(number)),
                profile.events().profile().name(),
                cutover,
                State.PLANNED,
                null));
        List<String> applied = migrate(Migrations.ofGeneration(store, number, profile.database()));
        advance(number, State.MIGRATED);
        return applied;
    }

    /**
     * What is loaded into a generation that takes events already is not in the log: beside another one that does, it would be
     * missing there after a switch.
     *
     * @throws IllegalStateException when both take events
     */
    public void requireNoOtherBeside(long number) throws SQLException {
        boolean isLate = registry.find(number).map(Generation::state).stream().anyMatch(State::isConsumable);
        Optional<Generation> other = registry.list().stream()
                .filter(one -> one.number() != number && one.state().isConsumable())
                .findFirst();
        if (isLate && other.isPresent()) {
            throw new IllegalStateException(
                    "generation %d takes events, and so does %d: what is loaded into one would be missing in the other; retire one first: txlookup generation retire N"
                            .formatted(number, other.get().number()));
        }
    }

    public static List<String> migrate(Migrations migrations) {
        List<String> applied = migrations.toHead();
        Migrations.Revision revision = migrations.revision();
        if (!revision.isHead()) {
            throw new StepFailure(
                    FailureCause.MIGRATION_FAILED,
                    "the database is at %s and this build's head is %s".formatted(revision.current(), revision.head()),
                    "use the build that migrated the database, or make the database again",
                    null);
        }
        return applied;
    }

    /** When the files were read that an anchored generation is loaded from; empty where there are none, or no anchor. */
    public Optional<Instant> asOf(long number) throws SQLException {
        return registry.asOf(number);
    }

    /**
     * Where in time the stream of a generation begins: at the reading of its files less {@code cutover.overlap}, or, where
     * the run reads its source itself, at the cutover.
     *
     * @param asOf when the files were read; empty where the run reads its source itself
     * @throws IllegalArgumentException when that is in the future
     */
    public Instant streamBegins(Instant cutover, Optional<Instant> asOf) {
        return streamStart.at(cutover, asOf);
    }

    /**
     * Pins where the stream begins, unless that is pinned already: where the run reads its source itself, at the ends of
     * the log; for files at the instant of their reading less {@code cutover.overlap}. With a source that the run reads
     * itself it returns when that may be read: {@code cutover.settling} after the pinning, and again after each start that
     * finds nothing loaded yet.
     *
     * @param asOf when the files were read; empty where the run reads its source itself
     * @return in how many partitions
     * @throws GapException when the log does not reach back far enough, lost records past the pinned position since, or
     *     is compacted; nothing is loaded then
     * @throws IllegalArgumentException when the files were read in the future, or before those that it is pinned for
     */
    public int anchor(long number, Instant cutover, Optional<Instant> asOf, Map<String, Object> broker)
            throws SQLException {
        return streamStart.pin(number, cutover, asOf, broker);
    }

    /** What loading the inputs would take, by a sample of each; changes nothing. */
    public BackfillPlan estimate(long number, Instant cutover, List<Input> inputs) throws SQLException, IOException {
        return BackfillPlan.of(settings(number, cutover), profile.events().profile(), store, inputs, clock);
    }

    /**
     * Refuses a load that the log would not outlive: by its end the stream has to go on at the pinned offsets, and the
     * records there are kept for {@code messaging.retention} only (docs/policy.md, Data).
     *
     * @param streamBegins see {@link #streamBegins}
     * @throws GapException when what is left of the retention is less than twice the load and {@code cutover.margin}
     */
    public void requireRetention(Instant streamBegins, BackfillPlan plan) {
        Duration left = profile.messaging().retention().minus(Duration.between(streamBegins, clock.instant()));
        Duration wanted = plan.expected().multipliedBy(2).plus(profile.cutover().margin());
        if (left.compareTo(wanted) < 0) {
            throw new GapException(
                    "GAP_DETECTED: the stream begins at %s and the log keeps %s, so %s are left; the load needs %s (twice %s, and a margin of %s). Lengthen messaging.retention, or take a newer extract"
                            .formatted(
                                    streamBegins,
                                    profile.messaging().retention(),
                                    left,
                                    wanted,
                                    plan.expected(),
                                    profile.cutover().margin()));
        }
    }

    /**
     * Loads the inputs of a pinned generation.
     *
     * @throws IllegalArgumentException when a file was read before the instant that the generation is pinned for, or the
     *     event profile does not fit an input
     * @throws GapException when the log would not outlive the load; nothing was loaded then
     */
    public Manifest load(long number, Instant cutover, List<Input> inputs, BackfillProgress progress)
            throws SQLException, IOException, InterruptedException {
        Optional<Instant> pinned = asOf(number);
        Optional<Instant> asOf = ExtractFiles.asOf(inputs, profile.backfill().asOf(), pinned);
        if (asOf.isPresent()) {
            streamStart.requireFollowed(number, asOf.get());
        }
        if (!streamBegan()) {
            BackfillPlan plan = estimate(number, cutover, inputs);
            plan.requireFit(profile.consumer().maxDeadShare());
            requireRetention(streamBegins(cutover, asOf.or(() -> pinned)), plan);
        }
        advance(number, State.BACKFILLING);
        return new Backfill(settings(number, cutover), profile.events().profile(), store, progress, clock, throttle())
                .load(inputs);
    }

    /** From then on it is the stream's own position that the log must reach back to, and the consumers watch that. */
    private boolean streamBegan() throws SQLException {
        return new StoreStats(store)
                .stream().stream().anyMatch(partition -> partition.counts().consumed() > 0);
    }

    private LoadSettings settings(long number, Instant cutover) throws SQLException {
        Optional<Instant> pinned = asOf(number);
        return new LoadSettings(
                number,
                cutover,
                profile.backfill().asOf().or(() -> pinned).orElse(cutover),
                profile.naming().owner(),
                profile.backfill().chunkRows(),
                threads(),
                profile.events().maxFutureSkew(),
                profile.backfill().chunkBytes().bytes(),
                profile.consumer().maxDeadShare(),
                profile.consumer().retryInitialBackoff(),
                profile.consumer().retryMaxBackoff(),
                SNAPSHOT_HELD);
    }

    private ThrottleSettings throttle() {
        var throttle = profile.backfill().throttle();
        return new ThrottleSettings(
                throttle.apiMetrics().orElse(null),
                throttle.apiLatencyP95(),
                throttle.consumerMetrics().orElse(null),
                throttle.streamLag(),
                throttle.longestWait());
    }

    /** As many as the profile says, but each needs a connection, and two more are needed beside them. */
    private int threads() {
        int wanted = profile.backfill().decodeThreads();
        int processors = Runtime.getRuntime().availableProcessors();
        return Math.max(
                1,
                Math.min(wanted == 0 ? processors : wanted, profile.database().poolSize() - 2));
    }

    /** Moves a generation on; one that is further already stays where it is. */
    public Generation advance(long number, State state) throws SQLException {
        if (find(number).state().compareTo(state) < 0) {
            registry.moveTo(number, state, null);
        }
        return find(number);
    }

    public Generation find(long number) throws SQLException {
        return registry.find(number)
                .orElseThrow(() -> new IllegalStateException("Generation %d is not in the registry".formatted(number)));
    }
}

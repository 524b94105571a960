package txlookup.backfill;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.load.BulkLoad;
import txlookup.apply.store.load.ConcurrentLoad;
import txlookup.apply.store.load.EmptyStoreLoad;
import txlookup.apply.store.load.LoadLock;
import txlookup.apply.store.load.LoadPause;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.position.SourceCounts;
import txlookup.apply.store.sql.StoreRetry;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.ChunkPipeline;
import txlookup.backfill.pipeline.LoadPacing;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.pipeline.LoadWaits;
import txlookup.backfill.source.Input;
import txlookup.backfill.throttle.ServingMetrics;
import txlookup.backfill.throttle.Throttle;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.profiles.events.EventProfile;

/**
 * Loads a generation's state up to its cutover: every input in chunks, each chunk with its checkpoint in one transaction.
 * Killed at any moment, the next run resumes at the last checkpoint; while the store or a source is away, it waits and
 * resumes there by itself. Into an empty generation the rows are copied first and indexed afterwards ({@link EmptyStoreLoad});
 * beside rows that are there, or a stream, they are merged ({@link ConcurrentLoad}).
 */
public final class Backfill {
    private static final Logger log = LoggerFactory.getLogger(Backfill.class);

    private final LoadSettings settings;
    private final EventProfile profile;
    private final DataSource connections;
    private final Store store;
    private final BackfillProgress progress;
    private final Clock clock;
    private final ThrottleSettings throttle;

    /**
     * A load that gives way to nothing.
     *
     * @param connections a pool for the migrated store, with a connection for each of {@code decodeThreads} and two more
     * @param progress is told of every chunk, from several threads
     */
    public Backfill(
            LoadSettings settings,
            EventProfile profile,
            DataSource connections,
            BackfillProgress progress,
            Clock clock) {
        this(settings, profile, connections, progress, clock, ThrottleSettings.OFF);
    }

    /**
     * A load that gives way.
     *
     * @param throttle what it gives way to between two chunks
     */
    public Backfill(
            LoadSettings settings,
            EventProfile profile,
            DataSource connections,
            BackfillProgress progress,
            Clock clock,
            ThrottleSettings throttle) {
        this.settings = settings;
        this.profile = profile;
        this.connections = connections;
        this.store = new Store(connections);
        this.progress = progress;
        this.clock = clock;
        this.throttle = throttle;
    }

    private record Claimed(Input input, Source source, Lease claim) {}

    /**
     * Loads all inputs, side by side.
     *
     * @return what was read and what became of it, input by input; what an earlier run loaded is included
     * @throws IllegalStateException when another process loads this generation
     * @throws IOException when an input cannot be read
     * @throws SQLException when the source or the store fails in a way that does not pass; what was committed stays, and
     *     the next run goes on there
     */
    @SuppressWarnings("try") // held, not used
    public Manifest load(List<? extends Input> inputs) throws IOException, SQLException, InterruptedException {
        Instant started = clock.instant();
        try (LoadLock lock = LoadLock.take(connections, settings.generation());
                FileDigests digests = FileDigests.begin(inputs)) {
            digests.requireAsPromised(inputs);
            List<Claimed> all = new ArrayList<>();
            for (Input input : inputs) {
                all.add(claim(input));
            }
            loadOpen(lock, all.stream().filter(one -> !one.claim().completed()).toList());
            List<Manifest.Line> lines = new ArrayList<>();
            for (Claimed one : all) {
                SourceCounts counts = retry(one.input()).call(() -> store.counts(one.source()));
                requireAsPromised(one.input(), counts.consumed());
                lines.add(new Manifest.Line(
                        one.input().name(), one.input().entity(), asOf(one.input()), digests.of(one.input()), counts));
            }
            Manifest manifest = new Manifest(
                    settings.generation(), settings.cutover(), lines, Duration.between(started, clock.instant()));
            manifest.check();
            return manifest;
        }
    }

    private static void requireAsPromised(Input input, long rows) {
        Long promised = input.promise().map(Input.Promise::rows).orElse(null);
        if (promised != null && promised != rows) {
            throw new IllegalStateException(
                    "%s: %,d rows were loaded, and %s says %,d. Take the extract again and begin a new generation"
                            .formatted(input.name(), rows, input.promise().get().manifest(), promised));
        }
    }

    private Instant asOf(Input input) {
        return input.readAt().orElse(settings.asOf());
    }

    private Claimed claim(Input input) throws SQLException, InterruptedException {
        Source source = new Source(Source.Kind.BACKFILL, input.name(), Source.NO_PARTITION);
        Lease claim = retry(input).call(() -> {
            store.register(source, input.entity(), null, 1, asOf(input));
            return store.claim(source, settings.owner()).orElseThrow();
        });
        if (claim.completed()) {
            log.info("{} was loaded by an earlier run", input.name());
        }
        return new Claimed(input, source, claim);
    }

    private StoreRetry retry(Input input) {
        return new StoreRetry(
                settings.backoffFirst(), settings.backoffMost(), new LoadWaits(input, progress), () -> false);
    }

    private void loadOpen(LoadLock lock, List<Claimed> open) throws IOException, SQLException, InterruptedException {
        if (open.isEmpty()) {
            return;
        }
        StoreRetry retry = retry(open.get(0).input());
        List<Lease> claims = open.stream().map(Claimed::claim).toList();
        Optional<EmptyStoreLoad> fresh =
                retry.call(() -> EmptyStoreLoad.begin(connections, settings.generation(), claims, settings.threads()));
        BulkLoad load = fresh.isPresent() ? fresh.get() : new ConcurrentLoad(connections);
        log.info("Loading generation {}: {}", settings.generation(), load.description());
        while (true) {
            List<Lease> ends = readAll(lock, load, open);
            try {
                retry.call(() -> {
                    lock.renew();
                    load.finish(ends);
                    return ends;
                });
                return;
            } catch (FencedException e) {
                requireLostCommits(e, retry, ends);
            }
        }
    }

    private List<Lease> readAll(LoadLock lock, BulkLoad load, List<Claimed> open)
            throws IOException, SQLException, InterruptedException {
        ServingMetrics metrics = new ServingMetrics(throttle, connections, settings.generation());
        LoadPacing pace = new LoadPacing(new LoadPause(connections), new Throttle(throttle, metrics));
        try (ChunkPipeline line = new ChunkPipeline(settings, profile, load, store, lock, pace, progress, clock)) {
            for (Claimed one : open) {
                line.add(one.input(), one.claim());
            }
            return line.finish();
        }
    }

    /** As {@code InputLoad} does within an input: a crash of the server took back the last chunks, which are read again. */
    private void requireLostCommits(FencedException e, StoreRetry retry, List<Lease> ends)
            throws SQLException, InterruptedException {
        for (Lease end : ends) {
            Lease now = retry.call(() -> store.checkpoint(end));
            if (now.nextPosition() < end.nextPosition()) {
                log.warn(
                        "{}: a crash of the server took back the rows from {} on; they are loaded again",
                        end.source(),
                        now.nextPosition());
                return;
            }
        }
        throw e;
    }
}

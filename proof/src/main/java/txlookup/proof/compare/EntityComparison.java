package txlookup.proof.compare;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import txlookup.apply.model.Entity;
import txlookup.backfill.throttle.Throttle;

/**
 * Compares one entity on both sides, and both sides at the same time: one reading finds the buckets that differ, another
 * holds the rows of those and finds the keys. Halving the buckets step by step would read a source without an index once
 * a step.
 */
public final class EntityComparison {
    private final Entity entity;
    private final DataSet source;
    private final DataSet store;
    private final Window window;
    private final VerificationSettings settings;
    private final VerificationProgress progress;
    private final Throttle throttle;
    private final ExecutorService threads;

    public EntityComparison(
            Entity entity,
            DataSet source,
            DataSet store,
            Window window,
            VerificationSettings settings,
            VerificationProgress progress,
            Throttle throttle,
            ExecutorService threads) {
        this.entity = entity;
        this.source = source;
        this.store = store;
        this.window = window;
        this.settings = settings;
        this.progress = progress;
        this.throttle = throttle;
        this.threads = threads;
    }

    /** What was found, not confirmed yet. */
    public record Found(TableReport report, List<Difference> differences) {}

    /** A source that is whole has about as many rows as the store. */
    private OptionalLong expected() throws SQLException {
        OptionalLong stored = source.isWhole() ? store.rows(entity) : OptionalLong.empty();
        return stored.isPresent() ? OptionalLong.of(2 * stored.getAsLong()) : stored;
    }

    private record Scanned(BucketChecksums signatures, long undecodable) {}

    public Found run() throws IOException, SQLException, InterruptedException {
        progress.begins(entity, 0, expected());
        Future<Scanned> saying = threads.submit((Callable<Scanned>) () -> scan(source));
        Future<Scanned> storing = threads.submit((Callable<Scanned>) () -> scan(store));
        Scanned said = Futures.of(saying);
        Scanned stored = Futures.of(storing);
        BitSet differing = said.signatures.differing(stored.signatures, source.isWhole());
        List<Difference> differences = new ArrayList<>();
        BitSet left = (BitSet) differing.clone();
        while (!left.isEmpty() && differences.size() < settings.mostDifferences()) {
            BitSet next = next(left, said.signatures, stored.signatures);
            progress.begins(
                    entity, next.cardinality(), OptionalLong.of(said.signatures.rows() + stored.signatures.rows()));
            differences.addAll(search(next));
        }
        TableReport report = new TableReport(
                entity,
                said.signatures.rows(),
                said.undecodable,
                stored.signatures.rows(),
                said.signatures.unsettled(),
                stored.signatures.unsettled(),
                1 << settings.bucketBits(),
                differing.cardinality(),
                left.isEmpty());
        return new Found(report, differences);
    }

    private Scanned scan(DataSet side) throws IOException, SQLException {
        BucketChecksums signatures = new BucketChecksums(settings.bucketBits(), window);
        if (!side.repeatsKeys()) {
            return new Scanned(signatures, scan(side, signatures::add));
        }
        // Older versions would make nearly all buckets differ, and each reading looks into a part of them.
        try (NewestOfEachKey newest = new NewestOfEachKey(signatures)) {
            long undecodable = scan(side, newest::add);
            newest.finish();
            return new Scanned(signatures, undecodable);
        }
    }

    private long scan(DataSet side, Consumer<Row> rows) throws IOException, SQLException {
        Reading reading = new Reading(rows, progress, throttle);
        long undecodable = side.scan(entity, reading);
        reading.end();
        return undecodable;
    }

    /** Takes as many buckets off as may be held at once; at least one. */
    private BitSet next(BitSet left, BucketChecksums said, BucketChecksums stored) {
        BitSet next = new BitSet();
        long rows = 0;
        for (int bucket = left.nextSetBit(0); bucket >= 0; bucket = left.nextSetBit(bucket + 1)) {
            rows += Math.max(said.rows(bucket), stored.rows(bucket));
            if (!next.isEmpty() && rows > settings.rowsAtOnce()) {
                break;
            }
            next.set(bucket);
            left.clear(bucket);
        }
        return next;
    }

    private List<Difference> search(BitSet buckets) throws IOException, SQLException, InterruptedException {
        Future<Map<String, StoredVersion>> saying =
                threads.submit((Callable<Map<String, StoredVersion>>) () -> newest(source, buckets));
        Future<Map<String, StoredVersion>> storing =
                threads.submit((Callable<Map<String, StoredVersion>>) () -> newest(store, buckets));
        return new DifferenceRule(window, source).of(entity, Futures.of(saying), Futures.of(storing));
    }

    private Map<String, StoredVersion> newest(DataSet side, BitSet buckets) throws IOException, SQLException {
        Map<String, StoredVersion> newest = new HashMap<>();
        scan(side, row -> {
            if (buckets.get(BucketChecksums.bucket(row.keyHash(), settings.bucketBits()))) {
                StoredVersion held = row.held();
                newest.merge(held.snapshot().key(), held, StoredVersion::newer);
            }
        });
        return newest;
    }
}

package txlookup.consumer.worker;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.PartitionStops.Stop;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.sql.StoreRetry;
import txlookup.consumer.offsets.GapException;
import txlookup.consumer.offsets.LogEnd;
import txlookup.consumer.offsets.LogWatch;
import txlookup.consumer.offsets.OffsetRangeCheck;

/** How a worker comes by its partition, and what it has to know of the time before. */
final class PartitionClaiming {
    private static final Logger log = LoggerFactory.getLogger(PartitionClaiming.class);
    private static final long BOUNDS_WITHIN_SECONDS = 10;
    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    private final TopicPartition partition;
    private final SubscriptionSettings settings;
    private final Store store;
    private final PartitionStoreRetry patient;
    private final LogWatch logs;
    private final BooleanSupplier stopping;

    PartitionClaiming(
            TopicPartition partition, WorkerShared shared, PartitionStoreRetry patient, BooleanSupplier stopping) {
        this.partition = partition;
        this.settings = shared.settings();
        this.store = shared.store();
        this.patient = patient;
        this.logs = shared.logs();
        this.stopping = stopping;
    }

    /** @throws GapException when nobody knows where the partition's events begin */
    Lease claim() throws SQLException, InterruptedException {
        Source source = new Source(Source.Kind.STREAM, partition.topic(), partition.partition());
        return patient.until(() -> claim(source));
    }

    private Lease claim(Source source) throws SQLException {
        Optional<Lease> known = store.claim(source, settings.owner());
        if (known.isPresent()) {
            return known.get();
        }
        store.registerAdded(source);
        return store.claim(source, settings.owner())
                .orElseThrow(() -> new GapException(
                        "%s: generation %d has no coverage for it, so the start of its events is unknown; a rebuild is due"
                                .formatted(partition, settings.generation())));
    }

    /**
     * A share of dead letters for which the partition is stopped still, here or at its last owner. A stop for another
     * reason is looked into again: whatever was wrong may be mended.
     */
    Optional<Stop> stopThatHolds(Lease claimed) throws SQLException, InterruptedException {
        return patient.until(() -> store.stops().find(claimed))
                .filter(stop -> stop.share() != null && settings.maxDeadShare() <= stop.share())
                .filter(stop -> !stop.resumeOrdered());
    }

    /** Whether somebody ordered to resume a stopped partition, or changed what it was stopped for. */
    boolean mayResume(Lease claimed) throws SQLException, InterruptedException {
        return patient.until(() -> store.stops().find(claimed))
                .map(Stop::resumeOrdered)
                .orElse(true);
    }

    /**
     * Waits until the partition's leader has said what its log holds.
     *
     * @throws GapException when the position lies outside the log, or the topic was deleted and made again
     * @throws StoreRetry.StoppedWaiting when the partition is given back meanwhile
     */
    LogEnd requireHeld(Lease claimed) throws InterruptedException {
        OffsetRangeCheck bounds = bounds();
        Optional<GapException> other = bounds.otherLog(partition, claimed);
        if (other.isPresent()) {
            throw other.get();
        }
        if (claimed.nextPosition() < bounds.begin()) {
            throw lost(claimed.nextPosition(), bounds.begin());
        }
        return bounds.end();
    }

    /** What to say when the broker refused to read on at an offset. */
    GapException gap(long wanted) throws InterruptedException {
        return lost(wanted, bounds().begin());
    }

    private GapException lost(long wanted, long begin) throws InterruptedException {
        return OffsetRangeCheck.lost(partition, wanted, begin, firstLeft());
    }

    private @Nullable Instant firstLeft() throws InterruptedException {
        try {
            long timestamp = logs.logs().firstTimestamp(partition).get(BOUNDS_WITHIN_SECONDS, TimeUnit.SECONDS);
            return timestamp < 0 ? null : Instant.ofEpochMilli(timestamp);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("{}: the time of the first remaining record is unknown: {}", partition, e.toString());
            return null;
        }
    }

    private OffsetRangeCheck bounds() throws InterruptedException {
        while (!stopping.getAsBoolean()) {
            try {
                return logs.bounds(partition).get(BOUNDS_WITHIN_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                log.warn("{}: its leader does not say what the log holds, asking again: {}", partition, e.toString());
                Thread.sleep(ASK_AGAIN.toMillis());
            }
        }
        throw new StoreRetry.StoppedWaiting(null);
    }

    /**
     * Begins to apply: a stop ends. Where somebody ordered that, what is in the log by then may be all dead.
     *
     * @param end where the log ends
     */
    DeadLetterRateLimit begin(Lease claimed, LogEnd end) throws SQLException, InterruptedException {
        return patient.until(() -> {
            Optional<Stop> stop = store.stops().find(claimed);
            if (stop.isPresent()) {
                boolean ordered = stop.get().resumeOrdered();
                store.stops().resume(claimed, ordered ? OptionalLong.of(end.offset()) : OptionalLong.empty());
                log.info(
                        "{}: resumes, after it was stopped since {}",
                        partition,
                        stop.get().at());
            }
            return deadShareSoFar(claimed);
        });
    }

    private DeadLetterRateLimit deadShareSoFar(Lease claimed) throws SQLException {
        long next = claimed.nextPosition();
        long tolerateTo = store.stops().toleratedTo(claimed).orElse(0);
        long from = Math.min(
                next, Math.max(tolerateTo, Math.max(claimed.startPosition(), next - DeadLetterRateLimit.WINDOW)));
        int dead = store.deadSince(claimed, from);
        return new DeadLetterRateLimit(
                partition, settings.maxDeadShare(), Math.toIntExact(next - from), dead, tolerateTo);
    }
}

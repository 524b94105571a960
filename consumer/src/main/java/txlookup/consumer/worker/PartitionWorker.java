package txlookup.consumer.worker;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Marker;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.batch.Batch;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.sql.StoreRetry;
import txlookup.consumer.telemetry.BatchTracing;
import txlookup.consumer.telemetry.ConsumerMetrics;
import txlookup.consumer.telemetry.TracedBatch;

/**
 * Applies one partition's records, one transaction a batch: take what was polled, decode, apply, again. While a batch is
 * applied the next records gather, so batches are as large as the load needs and no larger.
 */
final class PartitionWorker {
    private static final Logger log = LoggerFactory.getLogger(PartitionWorker.class);

    private static final long LOOK_EVERY_MILLIS = 10_000;
    private static final long NOWHERE = -1;

    private final TopicPartition partition;
    private final Decoder decoder;
    private final WorkerShared shared;
    private final SubscriptionSettings settings;
    private final Store store;
    private final ConsumerMetrics metrics;
    private final BatchTracing tracing;
    private final PartitionStoreRetry patient;
    private final BooleanSupplier stopping;
    private final PoisonRecordDetector isolation;
    private final PartitionInbox inbox;
    private DeadLetterRateLimit deadShare;
    private long lastBatch = System.nanoTime();
    private volatile long attemptedAt = NOWHERE;
    private volatile @Nullable Lease doubted;
    private volatile @Nullable Lease claim;

    PartitionWorker(
            TopicPartition partition,
            Decoder decoder,
            WorkerShared shared,
            PartitionStoreRetry patient,
            BooleanSupplier stopping) {
        this.partition = partition;
        this.decoder = decoder;
        this.shared = shared;
        this.settings = shared.settings();
        this.store = shared.store();
        this.metrics = shared.metrics();
        this.tracing = shared.tracing();
        this.patient = patient;
        this.stopping = stopping;
        this.inbox = new PartitionInbox(settings, shared.waitingBytes());
        this.isolation = new PoisonRecordDetector(partition, settings.crashTries(), settings.batchRecords());
    }

    /** Takes over what was claimed, before anything is applied. */
    void claimed(Lease taken) {
        claim = taken;
    }

    /** Begins at the claim's position, for the first time or after a stop. */
    void begin(DeadLetterRateLimit soFar) {
        deadShare = soFar;
    }

    /** Where the partition is applied to; null before the claim. */
    @Nullable
    Lease claim() {
        return claim;
    }

    /** What waits to be applied. */
    PartitionInbox inbox() {
        return inbox;
    }

    /** An attempt that ended for a known reason is no record's fault; call from any thread, it waits for little. */
    void withdrawAttempt() {
        Lease at = claim;
        if (at == null || attemptedAt != at.nextPosition()) {
            return;
        }
        attemptedAt = NOWHERE;
        try {
            store.withdrawAttempt(at);
        } catch (SQLException | FencedException e) {
            log.warn("{}: an attempt at {} stays counted: {}", partition, at.nextPosition(), e.getMessage());
        }
    }

    /** Takes the next batch and applies it; returns after a while in any case. */
    void applyNext() throws SQLException, InterruptedException {
        if (!inbox.await(LOOK_EVERY_MILLIS)) {
            if (claim.equals(doubted)) {
                throw new FencedException(claim);
            }
            return;
        }
        awaitInterval();
        PolledRecords taken = inbox.take();
        // Of a batch that shares its transaction nobody could tell whether it is the one that the process dies of.
        boolean mayShare = !isolation.counts();
        if (!taken.records().isEmpty() && !stopping.getAsBoolean()) {
            countAttempt();
        }
        if (isolation.oneByOne() && !stopping.getAsBoolean()) {
            applyOneByOne(taken);
        } else {
            applyBatch(taken.records(), taken.bytes(), taken.nextOffset(), mayShare);
        }
    }

    /** Tells that the store does not have the partition where the claim left it, unless a batch moved it meanwhile. */
    void doubt(Lease at) {
        doubted = at;
        inbox.wake();
    }

    /** Keeps a fast trickle from becoming a transaction a record; after a pause, or with a batch full, nothing waits. */
    private void awaitInterval() throws InterruptedException {
        long left = lastBatch + settings.batchInterval().toNanos() - System.nanoTime();
        if (left > 0 && !inbox.isFull() && !stopping.getAsBoolean()) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        lastBatch = System.nanoTime();
    }

    /** As long as the one that the process dies of is looked for; the rest as one batch again. */
    private void applyOneByOne(PolledRecords taken) throws SQLException, InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> records = taken.records();
        int applied = 0;
        while (applied < records.size() && isolation.oneByOne() && !stopping.getAsBoolean()) {
            var one = records.subList(applied, applied + 1);
            applyBatch(one, PolledRecords.size(one.get(0)), one.get(0).offset() + 1, false);
            isolation.survivedOne();
            applied++;
            if (applied < records.size() && !stopping.getAsBoolean()) {
                countAttempt();
            }
        }
        boolean all = applied == records.size() && claim.nextPosition() == taken.nextOffset();
        if (!all && !stopping.getAsBoolean()) {
            applyBatch(records.subList(applied, records.size()), 0, taken.nextOffset(), false);
        }
    }

    private void countAttempt() throws SQLException, InterruptedException {
        if (isolation.counts()) {
            isolation.begins(patient.until(() -> store.attempt(claim)));
            attemptedAt = claim.nextPosition();
        }
    }

    /** @param mayShare whether it may be applied with other partitions' batches, if it is small */
    private void applyBatch(List<ConsumerRecord<byte[], byte[]>> records, long bytes, long nextOffset, boolean mayShare)
            throws SQLException, InterruptedException {
        Instant started = Clock.systemUTC().instant();
        Lease from = claim;
        boolean shares = mayShare && GroupCommit.isSmall(records.size(), bytes);
        // The room of small batches needs no bound: their records take as much.
        BatchEncoder encoder = shares
                ? new BatchEncoder(Math.toIntExact(bytes))
                : shared.turns().lendEncoder(stopping);
        try (TracedBatch traced = tracing.begin(partition, records)) {
            try {
                Batch batch =
                        encoder.encode(() -> records.stream().map(this::decode).iterator());
                deadShare.require(batch, from.nextPosition());
                Integer leaderEpoch = PolledRecords.leaderEpoch(records, nextOffset);
                Checkpoint to = Checkpoint.ofStream(nextOffset, bytes, batch.newest(), leaderEpoch);
                BatchResult written =
                        write(new Store.Move(from, batch, position -> recordAt(records, position), to), shares);
                claim = written.claim();
                deadShare.add(batch.consumed(), written.dead());
                metrics.applied(partition, written, batch, records, started);
                traced.applied(written);
            } catch (SQLException | RuntimeException e) {
                traced.failed(e);
                throw e;
            }
        } finally {
            if (!shares) {
                shared.turns().giveBack(encoder);
            }
        }
    }

    /** Waits for the store, in turn. An earlier attempt may have been committed although its connection broke. */
    private BatchResult write(Store.Move move, boolean shares) throws SQLException, InterruptedException {
        boolean inDoubt = false;
        if (shares) {
            GroupCommit.Outcome together = shared.groups().apply(move);
            if (together.applied() != null) {
                return together.applied();
            }
            inDoubt = together.inDoubt();
        }
        StoreRetry.Attempts attempts = patient.attempts();
        while (true) {
            try {
                patient.awaitTurn();
                try {
                    Optional<BatchResult> earlier = attempts.isFirst() && !inDoubt
                            ? Optional.empty()
                            : store.committedAnyway(move.claim(), move.to());
                    BatchResult written = earlier.isPresent()
                            ? earlier.get()
                            : store.apply(move.claim(), move.batch(), move.records(), move.to());
                    attempts.succeeded();
                    return written;
                } finally {
                    patient.endTurn();
                }
            } catch (SQLException e) {
                attempts.awaitNext(e);
            }
        }
    }

    private Decoded decode(ConsumerRecord<byte[], byte[]> record) {
        SourceRecord source = PolledRecords.sourceRecord(record);
        // Canary markers are never dead-lettered: there is nothing in them to keep.
        return isolation.isFound() && Marker.of(source, settings.canary()).isEmpty()
                ? new DeadLetter(source, DeadLetter.Reason.PROCESSING_FAILURE, isolation.finding())
                : decoder.decode(settings.topics().get(partition.topic()), source);
    }

    private static SourceRecord recordAt(List<ConsumerRecord<byte[], byte[]>> records, long offset) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() == offset) {
                return PolledRecords.sourceRecord(record);
            }
        }
        throw new IllegalStateException("No record at offset %d in the batch".formatted(offset));
    }
}

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
import txlookup.consumer.offsets.LogEnd;
import txlookup.consumer.telemetry.BatchTracing;
import txlookup.consumer.telemetry.ConsumerMetrics;
import txlookup.consumer.telemetry.TracedBatch;

/**
 * Applies one partition's records, one transaction a batch: take what was polled, decode, apply, again. While a batch is
 * applied the next records gather, so batches are as large as the load needs and no larger.
 */
final class PartitionWorker {
    private static final Logger log = LoggerFactory.getLogger(PartitionWorker.class);

    private static final long CAUGHT_UP_EVERY = TimeUnit.SECONDS.toNanos(1);
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
    private long saidCaughtUp = System.nanoTime();
    private volatile long attemptedAt = NOWHERE;
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
        if (!inbox.await(100)) {
            sayCaughtUp();
            return;
        }
        awaitInterval();
        PolledRecords taken = inbox.take();
        if (!taken.records().isEmpty() && !stopping.getAsBoolean()) {
            countAttempt();
        }
        if (isolation.oneByOne() && !stopping.getAsBoolean()) {
            applyOneByOne(taken);
        } else {
            applyBatch(taken.records(), taken.bytes(), taken.nextOffset());
        }
    }

    /** Once a second while nothing comes: a copy that is quiet because its source is must not look stale. */
    private void sayCaughtUp() throws SQLException, InterruptedException {
        Lease at = claim;
        long now = System.nanoTime();
        Optional<LogEnd> end = shared.logs().freshEnd(partition).filter(fresh -> fresh.offset() == at.nextPosition());
        if (end.isPresent() && now - saidCaughtUp > CAUGHT_UP_EVERY) {
            patient.until(() -> {
                store.caughtUp(at, end.get().age(), end.get().leaderEpoch());
                return at;
            });
            saidCaughtUp = now;
        }
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
            applyBatch(one, PolledRecords.size(one.get(0)), one.get(0).offset() + 1);
            isolation.survivedOne();
            applied++;
            if (applied < records.size() && !stopping.getAsBoolean()) {
                countAttempt();
            }
        }
        boolean all = applied == records.size() && claim.nextPosition() == taken.nextOffset();
        if (!all && !stopping.getAsBoolean()) {
            applyBatch(records.subList(applied, records.size()), 0, taken.nextOffset());
        }
    }

    private void countAttempt() throws SQLException, InterruptedException {
        if (isolation.counts()) {
            isolation.begins(patient.until(() -> store.attempt(claim)));
            attemptedAt = claim.nextPosition();
        }
    }

    private void applyBatch(List<ConsumerRecord<byte[], byte[]>> records, long bytes, long nextOffset)
            throws SQLException, InterruptedException {
        Instant started = Clock.systemUTC().instant();
        Lease from = claim;
        BatchEncoder encoder = shared.turns().lendEncoder(stopping);
        try (TracedBatch traced = tracing.begin(partition, records)) {
            try {
                Batch batch =
                        encoder.encode(() -> records.stream().map(this::decode).iterator());
                deadShare.require(batch, from.nextPosition());
                Integer leaderEpoch = PolledRecords.leaderEpoch(records, nextOffset);
                BatchResult written = write(
                        from, batch, records, Checkpoint.ofStream(nextOffset, bytes, batch.newest(), leaderEpoch));
                claim = written.claim();
                deadShare.add(batch.consumed(), written.dead());
                metrics.applied(partition, written, batch, records, started);
                traced.applied(written);
            } catch (SQLException | RuntimeException e) {
                traced.failed(e);
                throw e;
            }
        } finally {
            shared.turns().giveBack(encoder);
        }
    }

    /** Waits for the store, in turn. An earlier attempt may have been committed although its connection broke. */
    private BatchResult write(Lease from, Batch batch, List<ConsumerRecord<byte[], byte[]>> records, Checkpoint to)
            throws SQLException, InterruptedException {
        StoreRetry.Attempts attempts = patient.attempts();
        while (true) {
            try {
                patient.awaitTurn();
                try {
                    Optional<BatchResult> earlier =
                            attempts.isFirst() ? Optional.empty() : store.committedAnyway(from, to);
                    BatchResult written = earlier.isPresent()
                            ? earlier.get()
                            : store.apply(from, batch, position -> recordAt(records, position), to);
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

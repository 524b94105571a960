package txlookup.consumer;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.DeadLetter;
import txlookup.apply.Decoded;
import txlookup.apply.Marker;
import txlookup.apply.SourceRecord;
import txlookup.apply.decode.Decoder;
import txlookup.apply.store.Applied;
import txlookup.apply.store.Batch;
import txlookup.apply.store.BatchEncoder;
import txlookup.apply.store.Claim;
import txlookup.apply.store.FencedException;
import txlookup.apply.store.Progress;
import txlookup.apply.store.Store;

/**
 * Applies one partition's records, one transaction a batch: claim, then take what was polled, decode, apply, again.
 * While a batch is applied the next records gather, so batches are as large as the load needs and no larger.
 */
final class PartitionWorker implements Runnable {
    /** How a worker stands; the subscription reads it on each round. */
    enum Standing {
        CLAIMING,
        WAITING_FOR_SEEK,
        WORKING,
        ENDED
    }

    private record LogEnd(long offset, long at) {}

    private static final Logger log = LoggerFactory.getLogger(PartitionWorker.class);

    private static final long CAUGHT_UP_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final TopicPartition partition;
    private final ConsumerSettings settings;
    private final Store store;
    private final Decoder decoder;
    private final BatchEncoder encoder = new BatchEncoder();
    private final ConsumerMetrics metrics;
    private final BatchTracing tracing;
    private final PatientStore patient;
    private final Isolation isolation;
    private final PartitionInbox inbox;
    private final PartitionClaiming claiming;
    private final Thread thread;
    private DeadShare deadShare;
    private long offeredTo;
    private long lastBatch = System.nanoTime();
    private long saidCaughtUp = System.nanoTime();
    private volatile @Nullable LogEnd logEnd;
    private volatile boolean stopping;
    private volatile Standing standing = Standing.CLAIMING;
    private volatile @Nullable Claim claim;
    private volatile @Nullable Throwable failure;

    PartitionWorker(
            TopicPartition partition,
            ConsumerSettings settings,
            Store store,
            Decoder decoder,
            ConsumerMetrics metrics,
            BatchTracing tracing,
            Availability availability) {
        this.partition = partition;
        this.settings = settings;
        this.store = store;
        this.decoder = decoder;
        this.metrics = metrics;
        this.tracing = tracing;
        this.patient = new PatientStore(settings, availability, () -> stopping);
        this.inbox = new PartitionInbox(settings);
        this.claiming = new PartitionClaiming(partition, settings, store, patient);
        this.isolation = new Isolation(partition, settings.crashTries(), settings.batchRecords());
        this.thread = new Thread(this, "apply-" + partition);
        // An abandoned worker may wait for a connection that never answers; it must not keep the process alive.
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            claim = claiming.claim();
            deadShare = claiming.deadShareSoFar(claim);
            standing = Standing.WAITING_FOR_SEEK;
            while (!stopping) {
                applyNext();
            }
        } catch (FencedException e) {
            log.warn("{}", e.getMessage());
            failure = e;
        } catch (PatientStore.StoppedWaiting e) {
            log.info("{}: gave up waiting for the store, as the partition is given back", partition);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) {
            withdrawAttempt(e);
            log.error("{}: stopped at {}: {}", partition, claim, e.getMessage(), e);
            failure = e;
        } catch (Error e) {
            // Out of memory, a stack too deep: left alone, the partition would stand still and nobody would know.
            log.error("{}: stopped at {}", partition, claim, e);
            failure = e;
        } finally {
            standing = Standing.ENDED;
        }
    }

    /** The store's own refusals and too many dead letters are known failures: no record kills the process by them. */
    private void withdrawAttempt(Exception e) {
        if (claim == null || !(e instanceof SQLException || e instanceof SystemicFaultException)) {
            return;
        }
        try {
            store.withdrawAttempt(claim);
        } catch (SQLException | FencedException unable) {
            e.addSuppressed(unable);
        }
    }

    private void applyNext() throws SQLException, InterruptedException {
        if (!inbox.await(100)) {
            sayCaughtUp();
            return;
        }
        awaitInterval();
        apply(inbox.take());
    }

    /** Once a second while nothing comes: a copy that is quiet because its source is must not look stale. */
    private void sayCaughtUp() throws SQLException, InterruptedException {
        Claim at = claim;
        long now = System.nanoTime();
        LogEnd seen = logEnd;
        boolean atEnd = seen != null && seen.offset() == at.nextPosition() && now - seen.at() < 2 * CAUGHT_UP_EVERY;
        if (atEnd && now - saidCaughtUp > CAUGHT_UP_EVERY) {
            patient.until(() -> {
                store.caughtUp(at);
                return at;
            });
            saidCaughtUp = now;
        }
    }

    /** Keeps a fast trickle from becoming a transaction a record; after a pause, or with a batch full, nothing waits. */
    private void awaitInterval() throws InterruptedException {
        long left = lastBatch + settings.batchInterval().toNanos() - System.nanoTime();
        if (left > 0 && !inbox.hasFullBatch() && !stopping) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        lastBatch = System.nanoTime();
    }

    private void apply(PolledRecords taken) throws SQLException, InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> records = taken.records();
        long nextOffset = taken.nextOffset();
        int applied = 0;
        while (applied < records.size() && !stopping) {
            countAttempt();
            if (!isolation.oneByOne()) {
                break;
            }
            var one = records.subList(applied, applied + 1);
            apply(one, PolledRecords.size(one.get(0)), one.get(0).offset() + 1);
            isolation.survivedOne();
            applied++;
        }
        boolean allAlone = applied > 0 && applied == records.size() && claim.nextPosition() == nextOffset;
        if (!allAlone && (!stopping || applied == 0)) {
            apply(records.subList(applied, records.size()), applied == 0 ? taken.bytes() : 0, nextOffset);
        }
    }

    private void countAttempt() throws SQLException, InterruptedException {
        if (isolation.counts()) {
            isolation.begins(patient.until(() -> store.attempt(claim)));
        }
    }

    private void apply(List<ConsumerRecord<byte[], byte[]>> records, long bytes, long nextOffset)
            throws SQLException, InterruptedException {
        try (TracedBatch traced = tracing.begin(partition, records)) {
            try {
                traced.applied(applyBatch(records, bytes, nextOffset));
            } catch (SQLException | RuntimeException e) {
                traced.failed(e);
                throw e;
            }
        }
    }

    private Applied applyBatch(List<ConsumerRecord<byte[], byte[]>> records, long bytes, long nextOffset)
            throws SQLException, InterruptedException {
        Instant started = Clock.systemUTC().instant();
        Claim from = claim;
        Batch batch = encoder.encode(() -> records.stream().map(this::decode).iterator());
        deadShare.require(batch, from.nextPosition());
        Progress progress = Progress.ofStream(nextOffset, bytes, batch.newest());
        Applied applied = patient.until(
                () -> store.apply(from, batch, position -> recordAt(records, position), progress),
                () -> store.committedAnyway(from, progress));
        claim = applied.claim();
        deadShare.add(batch.consumed(), applied.dead());
        metrics.applied(partition, applied, batch, records, started);
        return applied;
    }

    private Decoded decode(ConsumerRecord<byte[], byte[]> record) {
        SourceRecord source = PolledRecords.sourceRecord(record);
        // Also of a marker's death nobody makes a dead letter: there is nothing in it to keep.
        return isolation.isFound() && Marker.of(source, settings.generation()).isEmpty()
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

    /** Tells where the log ends, now that the broker has answered; call from the polling thread. */
    void logEndsAt(long offset) {
        logEnd = new LogEnd(offset, System.nanoTime());
    }

    /** Up to which offset records were handed over; the claim's position before the first. */
    long offeredTo() {
        return offeredTo;
    }

    /** Hands records over; call from the polling thread. */
    void offer(PolledRecords polled) {
        offeredTo = polled.nextOffset();
        inbox.add(polled);
    }

    /** What waits, for the polling thread. */
    PartitionInbox inbox() {
        return inbox;
    }

    Standing standing() {
        return standing;
    }

    void seekDone() {
        offeredTo = claim.nextPosition();
        standing = Standing.WORKING;
    }

    /** Where the partition is applied to; null before the claim. */
    @Nullable
    Claim claim() {
        return claim;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Lets the batch at hand end, and waits for it no longer than {@code millis}. What still waits is polled again. */
    void stop(long millis) {
        abandon();
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does not wait: the partition belongs to somebody else already, and the fence decides about the batch at hand. */
    void abandon() {
        stopping = true;
    }
}

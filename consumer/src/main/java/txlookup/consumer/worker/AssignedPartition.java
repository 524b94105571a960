package txlookup.consumer.worker;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.decode.Decoder;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.PartitionStops.Stop;
import txlookup.apply.store.sql.StoreRetry;
import txlookup.consumer.offsets.GapException;
import txlookup.consumer.offsets.LogEnd;

/**
 * A partition that this process has: claimed, read from where the store is, applied by its {@link PartitionWorker} until it
 * is given back. What happens to it stops it and no other.
 */
public final class AssignedPartition implements Runnable {
    /** How it stands; the subscription reads it on each round. */
    public enum Standing {
        CLAIMING,
        WAITING_FOR_SEEK,
        WORKING,
        STOPPED,
        ENDED
    }

    private static final Logger log = LoggerFactory.getLogger(AssignedPartition.class);

    private final TopicPartition partition;
    private final PartitionWorker worker;
    private final PartitionClaiming claiming;
    private final StoppedPartition standStill;
    private final CountDownLatch givenBack = new CountDownLatch(1);
    private final Thread thread;
    private long offeredTo;
    private volatile Standing standing = Standing.CLAIMING;
    private volatile CountDownLatch sought = new CountDownLatch(1);
    private volatile @Nullable LostLog lost;
    private volatile @Nullable Throwable failure;

    public AssignedPartition(TopicPartition partition, Decoder decoder, WorkerShared shared) {
        this.partition = partition;
        PartitionStoreRetry patient =
                new PartitionStoreRetry(shared.settings(), shared.availability(), shared.turns(), this::isStopping);
        this.worker = new PartitionWorker(partition, decoder, shared, patient, this::isStopping);
        this.claiming = new PartitionClaiming(partition, shared, patient, this::isStopping);
        this.standStill = new StoppedPartition(shared.store(), patient, claiming, givenBack);
        this.thread = new Thread(this, "apply-" + partition);
        // An abandoned worker may wait for a connection that never answers; it must not keep the process alive.
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (!isStopping()) {
                applyUntilStopped();
            }
        } catch (FencedException e) {
            log.warn("{}", e.getMessage());
            failure = e;
        } catch (StoreRetry.StoppedWaiting e) {
            worker.withdrawAttempt();
            log.info("{}: gave up waiting for the store, as the partition is given back", partition);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            // The store's own refusals are known failures: no record kills the process by them.
            worker.withdrawAttempt();
            log.error("{}: failed at {}: {}", partition, claim(), e.getMessage(), e);
            failure = e;
        } catch (RuntimeException e) {
            log.error("{}: failed at {}: {}", partition, claim(), e.getMessage(), e);
            failure = e;
        } catch (Error e) {
            // Out of memory, a stack too deep: left alone, the partition would stand still and nobody would know.
            log.error("{}: failed at {}", partition, claim(), e);
            failure = e;
        } finally {
            standing = Standing.ENDED;
        }
    }

    /** Returns when the partition is given back, or may resume after it was stopped. */
    private void applyUntilStopped() throws SQLException, InterruptedException {
        try {
            begin();
            while (!isStopping()) {
                requireLog();
                worker.applyNext();
            }
        } catch (GapException | SystemicFaultException e) {
            worker.withdrawAttempt();
            standing = Standing.STOPPED;
            standStill.because(e, claim());
        }
    }

    private void begin() throws SQLException, InterruptedException {
        lost = null;
        if (claim() == null) {
            worker.claimed(claiming.claim());
        }
        Lease claim = claim();
        Optional<Stop> stop = claiming.stopThatHolds(claim);
        if (stop.isPresent()) {
            standing = Standing.STOPPED;
            standStill.still(stop.get(), claim);
        }
        LogEnd end = claiming.requireHeld(claim);
        worker.begin(claiming.begin(claim, end));
        sought = new CountDownLatch(1);
        standing = Standing.WAITING_FOR_SEEK;
        standStill.ended();
        while (!isStopping() && sought.getCount() > 0) {
            sought.await(100, TimeUnit.MILLISECONDS);
        }
    }

    /** @throws GapException once what was polled before the log lost something is applied */
    private void requireLog() throws InterruptedException {
        LostLog gone = lost;
        // What was read before it is still good; what came from another log is not.
        if (gone != null && (gone.isAnother() || worker.inbox().isEmpty())) {
            throw gone.gap(claiming);
        }
    }

    /** Tells that the log lost what is wanted next, or is another; call from the polling thread. */
    public void lose(LostLog what) {
        lost = what;
        worker.inbox().wake();
    }

    /** Tells that the store has the partition elsewhere than this claim left it; call from any thread. */
    public void doubt(Lease claim) {
        worker.doubt(claim);
    }

    /** Whether records may be handed over. */
    public boolean accepts() {
        return standing == Standing.WORKING && lost == null;
    }

    /** Up to which offset records were handed over; the claim's position before the first. */
    public long offeredTo() {
        return offeredTo;
    }

    /** Hands records over; call from the polling thread. */
    public void offer(PolledRecords polled) {
        offeredTo = polled.nextOffset();
        worker.inbox().add(polled);
    }

    /** What waits, for the polling thread. */
    public PartitionInbox inbox() {
        return worker.inbox();
    }

    public Standing standing() {
        return standing;
    }

    /** Why it is stopped; null while it is not. */
    public StoppedPartition.@Nullable Why stopped() {
        return standing == Standing.STOPPED ? standStill.why() : null;
    }

    /** From here on records may be handed over; call from the polling thread. */
    public void seekDone() {
        // Of the time before a stop: what was polled then lies behind the position that was sought now.
        worker.inbox().clear();
        offeredTo = claim().nextPosition();
        standing = Standing.WORKING;
        sought.countDown();
    }

    /** Where the partition is applied to; null before the claim. */
    @Nullable
    public Lease claim() {
        return worker.claim();
    }

    @Nullable
    public Throwable failure() {
        return failure;
    }

    /** Whether the batch at hand ended before {@code deadline}, by {@link System#nanoTime}; after {@link #abandon}. */
    public boolean endedBy(long deadline) throws InterruptedException {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        return !thread.isAlive();
    }

    /** Lets the batch at hand end and takes no other; does not wait. What still waits is polled again. */
    public void abandon() {
        givenBack.countDown();
        worker.inbox().wake();
    }

    /** Takes the attempt back that a batch which did not end was counted as. */
    public void withdrawAttempt() {
        worker.withdrawAttempt();
    }

    private boolean isStopping() {
        return givenBack.getCount() == 0;
    }
}

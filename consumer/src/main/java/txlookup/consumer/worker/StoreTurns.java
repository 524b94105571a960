package txlookup.consumer.worker;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.sql.StoreRetry;

/**
 * Who uses the store now. A process may have many more partitions than connections: they take turns, in the order in
 * which they came, and none waits inside the pool, whose time-out would look as if the store were away.
 *
 * <p>As many batches are encoded at once as can be written, so the room for encoded rows is bounded, too.
 */
public final class StoreTurns {
    // Whoever looks loses the place in the queue, so this is longer than a turn usually takes.
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final int connections;
    private final Semaphore turns;
    private final Semaphore encoding;
    private final Deque<BatchEncoder> encoders = new ConcurrentLinkedDeque<>();

    /** @param connections size of the pool; one of them is left to replays, where there are several */
    public StoreTurns(int connections) {
        this.connections = connections;
        this.turns = new Semaphore(atOnce(), true);
        this.encoding = new Semaphore(atOnce(), true);
    }

    public int connections() {
        return connections;
    }

    /** How many partitions use the store at once. */
    public int atOnce() {
        return Math.max(1, connections - 1);
    }

    /** A turn at the store, to be ended by {@link #end}; never while one is held. Whether it came before {@code givesUp}. */
    boolean await(BooleanSupplier givesUp) throws InterruptedException {
        return acquire(turns, givesUp);
    }

    void end() {
        turns.release();
    }

    /**
     * Lends an encoder, to be given back; taken before a turn, never after.
     *
     * @throws StoreRetry.StoppedWaiting when the partition is given back meanwhile
     */
    BatchEncoder lendEncoder(BooleanSupplier stopping) throws InterruptedException {
        if (!acquire(encoding, stopping)) {
            throw new StoreRetry.StoppedWaiting(null);
        }
        BatchEncoder used = encoders.poll();
        return used == null ? new BatchEncoder() : used;
    }

    void giveBack(BatchEncoder encoder) {
        encoders.push(encoder);
        encoding.release();
    }

    private static boolean acquire(Semaphore permits, BooleanSupplier givesUp) throws InterruptedException {
        while (!permits.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            if (givesUp.getAsBoolean()) {
                return false;
            }
        }
        return true;
    }
}

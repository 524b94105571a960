package txlookup.rebuild.steps;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;

/**
 * Holds a load while the database's disk is nearly full, because what serves writes to the same disk. It goes on once there
 * is room; ended meanwhile, the same command resumes it after the last chunk that was committed.
 */
public final class DiskFloor implements BackfillProgress {
    static final long FLOOR_BYTES = 256L << 20;

    private final BackfillProgress told;
    private final Callable<OptionalLong> freeDisk;
    private final Duration every;
    private volatile long lookAgainAt = System.nanoTime();

    /**
     * @param told is told everything
     * @param freeDisk bytes that the database's disk has left; empty where nobody knows
     * @param every how often it looks
     */
    public DiskFloor(BackfillProgress told, Callable<OptionalLong> freeDisk, Duration every) {
        this.told = told;
        this.freeDisk = freeDisk;
        this.every = every;
    }

    @Override
    public void applied(Input input, Chunk chunk, BatchResult applied) {
        told.applied(input, chunk, applied);
        if (System.nanoTime() - lookAgainAt >= 0) {
            awaitRoom(input);
            lookAgainAt = System.nanoTime() + every.toNanos();
        }
    }

    private void awaitRoom(Input input) {
        boolean waited = false;
        for (OptionalLong left = left(); left.isPresent() && left.getAsLong() < FLOOR_BYTES; left = left()) {
            waited = true;
            told.waits(
                    input,
                    "the disk has %,d MiB left, and a load leaves %,d to what serves; enlarge it, or make room"
                            .formatted(left.getAsLong() >> 20, FLOOR_BYTES >> 20));
            try {
                Thread.sleep(every.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (waited) {
            told.resumes(input);
        }
    }

    private OptionalLong left() {
        try {
            return freeDisk.call();
        } catch (Exception e) {
            return OptionalLong.empty(); // a disk that is full is waited for by the load itself
        }
    }

    @Override
    public void begins(Input input, long rowsBefore) {
        told.begins(input, rowsBefore);
    }

    @Override
    public void waits(Input input, String reason) {
        told.waits(input, reason);
    }

    @Override
    public void resumes(Input input) {
        told.resumes(input);
    }
}

package txlookup.backfill.pipeline;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import txlookup.apply.store.load.LoadPause;
import txlookup.backfill.throttle.Throttle;

/**
 * Lets chunks begin, or holds them while people paused the load, or for a while where it is too much for lookups or stream.
 * Asks at most once a second while nothing holds.
 */
public final class LoadPacing {
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    private final LoadPause pause;
    private final Throttle throttle;
    private final ReentrantLock asking = new ReentrantLock();
    private long askAgainAt = System.nanoTime();

    public LoadPacing(LoadPause pause, Throttle throttle) {
        this.pause = pause;
        this.throttle = throttle;
    }

    /**
     * Waits until the next chunk may be read, at most so long. One asks for all, and the others wait for its answer.
     *
     * @return whether it may be read
     */
    boolean await(Duration atMost, LoadWaits waits) throws SQLException, InterruptedException {
        long ends = System.nanoTime() + atMost.toNanos();
        if (!asking.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            if (System.nanoTime() - askAgainAt < 0) {
                return true;
            }
            return isResumed(ends, waits) && hasRoom(ends);
        } finally {
            asking.unlock();
        }
    }

    private boolean isResumed(long ends, LoadWaits waits) throws SQLException, InterruptedException {
        for (Optional<String> paused = pause.find(); paused.isPresent(); paused = pause.find()) {
            waits.isPaused(paused.get());
            long left = ends - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(ASK_EVERY.toNanos(), left));
        }
        waits.isNotPaused();
        return true;
    }

    private boolean hasRoom(long ends) throws InterruptedException {
        Optional<Duration> waited = throttle.await(Duration.ofNanos(Math.max(ends - System.nanoTime(), 0)));
        if (waited.isPresent() && waited.get().isZero()) {
            askAgainAt = System.nanoTime() + ASK_EVERY.toNanos();
        }
        return waited.isPresent();
    }
}

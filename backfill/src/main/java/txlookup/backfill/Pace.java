package txlookup.backfill;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.LoadPause;

/**
 * Lets chunks begin, or holds them while people paused the load, or for a while where it is too much for lookups or stream.
 * Asks at most once a second while nothing holds.
 */
final class Pace {
    private static final Logger log = LoggerFactory.getLogger(Pace.class);
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    private final LoadPause pause;
    private final Throttle throttle;
    private long askAgainAt = System.nanoTime();

    Pace(LoadPause pause, ThrottleSettings throttle) {
        this.pause = pause;
        this.throttle = new Throttle(throttle);
    }

    /** Waits until the next chunk may be read. One asks for all, and the others wait for its answer. */
    synchronized void await() throws SQLException, InterruptedException {
        if (System.nanoTime() - askAgainAt < 0) {
            return;
        }
        Optional<String> pausedBy = pause.find();
        if (pausedBy.isPresent()) {
            log.info("The backfill was paused ({}); txlookup backfill --resume lets it go on", pausedBy.get());
            while (pause.find().isPresent()) {
                Thread.sleep(ASK_EVERY.toMillis());
            }
            log.info("The backfill goes on");
        }
        if (throttle.await().isZero()) {
            askAgainAt = System.nanoTime() + ASK_EVERY.toNanos();
        }
    }
}

package txlookup.consumer;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.decode.Decoder;
import txlookup.apply.replay.Replay;
import txlookup.apply.store.DeadLetterRun;
import txlookup.apply.store.DeadLetterRuns;
import txlookup.apply.store.FencedException;
import txlookup.profiles.EventProfile;

/**
 * Carries out replays that were ordered in the console: whoever answers lookups may not write, so the order waits in the
 * store until a consumer of its generation takes it.
 */
final class ReplayDesk implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ReplayDesk.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final ConsumerSettings settings;
    private final DeadLetterRuns runs;
    private final Replay replay;
    private final Thread thread = new Thread(this, "replay");

    ReplayDesk(ConsumerSettings settings, EventProfile profile, DataSource connections) {
        this.settings = settings;
        this.runs = new DeadLetterRuns(connections);
        this.replay = new Replay(
                connections,
                new Decoder(profile, settings.maxFutureSkew(), Clock.systemUTC(), settings.generation()),
                settings.topics());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY.toMillis());
                carryOutNext();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void carryOutNext() throws InterruptedException {
        try {
            Optional<DeadLetterRun> waiting = runs.takeWaiting(settings.generation(), settings.owner());
            if (waiting.isPresent()) {
                DeadLetterRun ended =
                        replay.carryOut(waiting.get(), 0, done -> {}).run();
                log.info("Replay ordered in the console has ended: {}", ended);
            }
        } catch (FencedException e) {
            log.warn(
                    "A replay was overtaken by another; txlookup dlq replay --resume goes on with it: {}",
                    e.getMessage());
        } catch (SQLException e) {
            // The order stays in the store. What was begun goes on by its number, what was not is found again.
            log.debug("No look at the orders for replays: {}", e.getMessage());
        }
    }

    void stop() {
        thread.interrupt();
    }
}

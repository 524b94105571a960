package txlookup.consumer.replay;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.decode.Decoder;
import txlookup.apply.replay.OrderRunner;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.sql.SqlErrors;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.profiles.events.EventProfile;

/**
 * Carries out orders about dead letters that nobody else does: those of the console, which may not write, and those whose
 * process is gone.
 */
public final class ReplayWorker implements Runnable {
    /** So many processes may be gone at one place of an order before it is ended. */
    static final int MOST_TRIES = 5;

    private static final Logger log = LoggerFactory.getLogger(ReplayWorker.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration ORDERLY_STOP = Duration.ofSeconds(5);

    private final SubscriptionSettings settings;
    private final DeadLetterRuns runs;
    private final OrderRunner runner;
    private final Thread thread = new Thread(this, "replay");
    private long wait = LOOK_EVERY.toMillis();

    public ReplayWorker(SubscriptionSettings settings, EventProfile profile, DataSource connections) {
        this(settings, profile, connections, DeadLetterRuns.LEASE);
    }

    /** @param lease how long an order stays with a process that is gone */
    ReplayWorker(SubscriptionSettings settings, EventProfile profile, DataSource connections, Duration lease) {
        this.settings = settings;
        this.runs = new DeadLetterRuns(connections, lease);
        Decoder decoder = new Decoder(profile, settings.maxFutureSkew(), Clock.systemUTC(), settings.canary());
        this.runner = new OrderRunner(connections, runs, decoder, settings.topics());
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(wait);
                wait = carryOutNext() ? LOOK_EVERY.toMillis() : Math.min(wait * 2, LONGEST_WAIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when the store did not answer, or the order failed. */
    private boolean carryOutNext() throws InterruptedException {
        Optional<DeadLetterRun> taken = Optional.empty();
        try {
            taken = runs.take(settings.owner());
            if (taken.isPresent()) {
                carryOut(taken.get());
            }
            return true;
        } catch (FencedException e) {
            log.warn("{}", e.getMessage());
            return true;
        } catch (SQLException e) {
            if (SqlErrors.isTransient(e)) {
                log.warn("{} has to wait, the store failed: {}", named(taken), e.getMessage());
            } else {
                log.warn("{} failed", named(taken), e);
            }
            return false;
        } catch (RuntimeException | Error e) {
            // This thread has to go on: an order that nobody takes would wait for good.
            log.error("{} failed", named(taken), e);
            return false;
        }
    }

    private void carryOut(DeadLetterRun run) throws SQLException, InterruptedException {
        if (run.tries() > MOST_TRIES) {
            String why =
                    "%d processes ended while they worked on what follows dead letter %d; look at that one and the next"
                            .formatted(run.tries() - 1, run.doneTo());
            log.warn("Order {} about dead letters is ended: {}", run.id(), why);
            runs.fail(run, why);
            return;
        }
        if (run.takes() > 1) {
            log.warn("Order {} about dead letters is resumed after dead letter {}", run.id(), run.doneTo());
        }
        log.info(
                "Order {} about dead letters has ended: {}",
                run.id(),
                runner.carryOut(run, done -> {}).run());
    }

    private static String named(Optional<DeadLetterRun> run) {
        return run.map(taken -> "Order %d about dead letters".formatted(taken.id()))
                .orElse("Looking for orders about dead letters");
    }

    /** Gives an order at hand back, for another consumer. */
    public void stop() throws InterruptedException {
        thread.interrupt();
        thread.join(ORDERLY_STOP.toMillis());
    }
}

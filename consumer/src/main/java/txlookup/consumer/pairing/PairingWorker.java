package txlookup.consumer.pairing;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.pairing.OpenPayments;
import txlookup.apply.store.sql.SqlErrors;

/** Mends the list of open payments by what batches left due: each consumer looks twice a second, and one works. */
public final class PairingWorker implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(PairingWorker.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration ORDERLY_STOP = Duration.ofSeconds(5);

    private final OpenPayments openPayments;
    private final Thread thread = new Thread(this, "pairing");

    /** @param connections the generation's store */
    public PairingWorker(DataSource connections) {
        openPayments = new OpenPayments(connections);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void run() {
        long wait = LOOK_EVERY.toMillis();
        try {
            while (true) {
                Thread.sleep(wait);
                wait = mend() ? LOOK_EVERY.toMillis() : Math.min(wait * 2, LONGEST_WAIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when the store failed: what is due stays due. */
    private boolean mend() {
        try {
            openPayments.mend(OpenPayments.DELAY);
            return true;
        } catch (SQLException e) {
            if (SqlErrors.isTransient(e)) {
                log.debug("The list of open payments has to wait, the store failed: {}", e.getMessage());
            } else {
                log.warn("The list of open payments could not be mended", e);
            }
            return false;
        } catch (RuntimeException e) {
            // This thread has to go on: nobody else mends the list.
            log.error("The list of open payments could not be mended", e);
            return false;
        }
    }

    public void stop() throws InterruptedException {
        thread.interrupt();
        thread.join(ORDERLY_STOP.toMillis());
    }
}

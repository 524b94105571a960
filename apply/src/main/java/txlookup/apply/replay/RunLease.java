package txlookup.apply.replay;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRuns;

/** Renews a run's lease beside the work, which may wait longer than a lease for one statement. */
final class RunLease implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunLease.class);
    private static final int RENEWALS_IN_A_LEASE = 3;

    private final DeadLetterRuns runs;
    private final DeadLetterRun run;
    private final Thread thread = new Thread(this::renewing, "replay-lease");

    RunLease(DeadLetterRuns runs, DeadLetterRun run) {
        this.runs = runs;
        this.run = run;
        thread.setDaemon(true);
    }

    void keep() {
        thread.start();
    }

    private void renewing() {
        try {
            do {
                Thread.sleep(runs.lease().toMillis() / RENEWALS_IN_A_LEASE);
            } while (renewed());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean renewed() {
        try {
            return runs.renew(run);
        } catch (SQLException | RuntimeException e) {
            // Tried again. Should the lease end first, another process takes the order, and this one is fenced.
            log.warn("The lease of order {} about dead letters was not renewed: {}", run.id(), e.toString());
            return true;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

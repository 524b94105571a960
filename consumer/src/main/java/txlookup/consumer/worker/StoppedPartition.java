package txlookup.consumer.worker;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.PartitionStops.Stop;

/** A partition that is stopped while the others go on: said in the store, and looked at every second until it may resume. */
public final class StoppedPartition {
    private static final Logger log = LoggerFactory.getLogger(StoppedPartition.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;

    /** Why and since when a partition is stopped. */
    public record Why(String reason, Instant since) {
        @Override
        public String toString() {
            return "STOPPED since %s: %s".formatted(since, reason);
        }
    }

    private final Store store;
    private final PartitionStoreRetry patient;
    private final PartitionClaiming claiming;
    private final CountDownLatch givenBack;
    private volatile @Nullable Why why;

    /** @param givenBack ends the wait when the partition is given back */
    StoppedPartition(Store store, PartitionStoreRetry patient, PartitionClaiming claiming, CountDownLatch givenBack) {
        this.store = store;
        this.patient = patient;
        this.claiming = claiming;
        this.givenBack = givenBack;
    }

    /** Null while the partition is not stopped, and when it resumes. */
    @Nullable
    Why why() {
        return why;
    }

    /**
     * Stops at the claim's position, and returns when the partition may resume or is given back.
     *
     * @param claim null where there is none: then nobody can say so in the store, and it is claimed again
     */
    void because(RuntimeException failure, @Nullable Lease claim) throws SQLException, InterruptedException {
        String reason = failure.getMessage();
        say(new Why(reason, Clock.systemUTC().instant()));
        if (claim == null) {
            givenBack.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        Double share = failure instanceof SystemicFaultException systemic ? systemic.share() : null;
        patient.until(() -> {
            store.stops().stop(claim, reason, share);
            return claim;
        });
        awaitResume(claim);
    }

    /** Stays stopped as the partition's last owner was. */
    void still(Stop stop, Lease claim) throws SQLException, InterruptedException {
        say(new Why(stop.reason(), stop.at()));
        awaitResume(claim);
    }

    private void say(Why now) {
        Why before = why;
        // Looked into again and found as it was: nothing new.
        if (before == null || !before.reason().equals(now.reason())) {
            log.error("{}; the other partitions continue", now);
            why = now;
        }
    }

    private void awaitResume(Lease claim) throws SQLException, InterruptedException {
        while (!givenBack.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            if (claiming.mayResume(claim)) {
                return;
            }
        }
    }

    void ended() {
        why = null;
    }
}

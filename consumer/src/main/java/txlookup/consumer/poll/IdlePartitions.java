package txlookup.consumer.poll;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.SourceProgress.CaughtUp;
import txlookup.consumer.worker.AssignedPartition;
import txlookup.consumer.worker.PartitionStoreRetry;
import txlookup.consumer.worker.WorkerShared;

/**
 * Says once a second which partitions have nothing left to apply, in one statement for all of them: a copy that is quiet
 * because its source is must not look stale.
 */
final class IdlePartitions implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(IdlePartitions.class);
    private static final long EVERY_MILLIS = 1_000;

    private final Map<TopicPartition, AssignedPartition> partitions;
    private final WorkerShared shared;
    private final PartitionStoreRetry patient;
    private final Thread thread = new Thread(this, "idle");

    IdlePartitions(Map<TopicPartition, AssignedPartition> partitions, WorkerShared shared) {
        this.partitions = partitions;
        this.shared = shared;
        this.patient = new PartitionStoreRetry(
                shared.settings(), shared.availability(), shared.turns(), thread::isInterrupted);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(EVERY_MILLIS);
                say();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say() throws InterruptedException {
        if (quiet().isEmpty()) {
            return;
        }
        try {
            // Asked for again in each attempt: what was quiet before the store was away need not be quiet now.
            patient.until(() -> shared.store().caughtUp(quiet())).forEach(this::doubt);
        } catch (SQLException | RuntimeException e) {
            // This thread has to go on: nobody else says it.
            log.warn("Which partitions are caught up could not be said: {}", e.getMessage(), e);
        }
    }

    private List<CaughtUp> quiet() {
        List<CaughtUp> quiet = new ArrayList<>();
        partitions.forEach((partition, assigned) -> {
            Lease claim = assigned.claim();
            if (claim != null && assigned.accepts()) {
                shared.logs()
                        .freshEnd(partition)
                        .filter(end -> end.offset() == claim.nextPosition())
                        .ifPresent(end -> quiet.add(new CaughtUp(claim, end.age(), end.leaderEpoch())));
            }
        });
        return quiet;
    }

    private void doubt(Lease claim) {
        var source = claim.source();
        AssignedPartition assigned = partitions.get(new TopicPartition(source.name(), source.partition()));
        if (assigned != null) {
            assigned.doubt(claim);
        }
    }
}

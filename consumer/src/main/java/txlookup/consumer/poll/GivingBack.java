package txlookup.consumer.poll;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.consumer.worker.AssignedPartition;

/** Gives partitions back in good order: their batches at hand may end, for so long in all. */
final class GivingBack {
    private static final Logger log = LoggerFactory.getLogger(GivingBack.class);
    private static final long LAST_BATCH_SECONDS = 20;
    private static final long WITHDRAWAL_SECONDS = 3;

    private GivingBack() {}

    static void giveBack(Collection<AssignedPartition> partitions) {
        partitions.forEach(AssignedPartition::abandon);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_BATCH_SECONDS);
        List<AssignedPartition> unfinished = new ArrayList<>();
        try {
            for (AssignedPartition partition : partitions) {
                if (!partition.endedBy(deadline)) {
                    unfinished.add(partition);
                }
            }
            if (!unfinished.isEmpty()) {
                withdraw(unfinished);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A batch that waits for a lock is no record that kills: counted as a death, it would be taken for one some day. */
    private static void withdraw(List<AssignedPartition> unfinished) throws InterruptedException {
        log.warn("{} batches at hand did not end within {} s; they roll back", unfinished.size(), LAST_BATCH_SECONDS);
        try {
            CompletableFuture.runAsync(() -> unfinished.forEach(AssignedPartition::withdrawAttempt))
                    .get(WITHDRAWAL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("Their attempts stay counted: {}", e.toString());
        }
    }
}

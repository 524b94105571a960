package txlookup.consumer.poll;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.position.Lease;
import txlookup.consumer.offsets.GapException;
import txlookup.consumer.offsets.LogWatch;
import txlookup.consumer.offsets.OffsetRangeCheck;
import txlookup.consumer.worker.AssignedPartition;
import txlookup.consumer.worker.LostLog;

/** Stops the partitions whose logs are not what was read before, as polling finds out; for the polling thread alone. */
final class LogLosses {
    private final Consumer<byte[], byte[]> kafka;
    private final Map<TopicPartition, AssignedPartition> partitions;
    private final LogWatch logs;

    LogLosses(Consumer<byte[], byte[]> kafka, Map<TopicPartition, AssignedPartition> partitions, LogWatch logs) {
        this.kafka = kafka;
        this.partitions = partitions;
        this.logs = logs;
    }

    /** The log does not hold what is wanted next, or was cut: each partition that it is about stops, the others go on. */
    void stopWhere(OffsetOutOfRangeException e) {
        e.offsetOutOfRangePartitions().forEach((partition, wanted) -> {
            AssignedPartition assigned = partitions.get(partition);
            if (assigned == null) {
                return;
            }
            kafka.pause(List.of(partition));
            // Without an epoch, so that the same is not found again on each poll.
            kafka.seek(partition, wanted);
            assigned.lose(new LostLog(wanted, cut(e, partition, wanted), false));
        });
    }

    private static @Nullable GapException cut(OffsetOutOfRangeException e, TopicPartition partition, long wanted) {
        if (!(e instanceof LogTruncationException truncation)) {
            return null;
        }
        OffsetAndMetadata divergent = truncation.divergentOffsets().get(partition);
        return OffsetRangeCheck.cut(partition, wanted, divergent == null ? null : divergent.offset());
    }

    /** A topic deleted and made again so fast that the assignment stays would be read on from an offset of the old log. */
    void stopIfMadeAgain(TopicPartition partition, AssignedPartition assigned) {
        Lease claim = assigned.claim();
        logs.anotherThan(partition, claim).ifPresent(gap -> {
            kafka.pause(List.of(partition));
            assigned.lose(new LostLog(claim.nextPosition(), gap, true));
        });
    }
}

package txlookup.consumer.poll;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.consumer.worker.AssignedPartition;

/**
 * The group's offsets in Kafka, which follow the store for the tools that read them; nothing depends on them. For the
 * polling thread alone.
 */
final class CommittedOffsets {
    private static final Logger log = LoggerFactory.getLogger(CommittedOffsets.class);

    /** Event Hubs allows about four commits a second and partition. */
    private static final Duration EVERY = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> kafka;
    private final Map<TopicPartition, AssignedPartition> workers;
    private final Clock clock;
    private long committedAt;

    CommittedOffsets(Consumer<byte[], byte[]> kafka, Map<TopicPartition, AssignedPartition> workers, Clock clock) {
        this.kafka = kafka;
        this.workers = workers;
        this.clock = clock;
    }

    /** Commits what the store has, rarely and without waiting. */
    void follow() {
        if (clock.millis() - committedAt < EVERY.toMillis()) {
            return;
        }
        committedAt = clock.millis();
        Map<TopicPartition, OffsetAndMetadata> applied = applied(workers.keySet());
        if (!applied.isEmpty()) {
            kafka.commitAsync(applied, (offsets, e) -> {
                if (e != null) {
                    log.warn("Kafka did not take the offsets {}; nothing depends on them: {}", offsets, e.getMessage());
                }
            });
        }
    }

    /** Commits before partitions are given back. */
    void commitNow(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> applied = applied(partitions);
        if (applied.isEmpty()) {
            return;
        }
        try {
            kafka.commitSync(applied, PATIENCE);
        } catch (WakeupException e) {
            log.info("Stopping without the last commit to Kafka; nothing depends on it");
        } catch (KafkaException e) {
            log.warn("Kafka did not take the offsets {}; nothing depends on them: {}", applied, e.getMessage());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> applied(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> applied = new HashMap<>();
        for (TopicPartition partition : partitions) {
            AssignedPartition worker = workers.get(partition);
            if (worker != null && worker.claim() != null) {
                applied.put(partition, new OffsetAndMetadata(worker.claim().nextPosition()));
            }
        }
        return applied;
    }
}

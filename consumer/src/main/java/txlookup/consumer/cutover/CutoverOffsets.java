package txlookup.consumer.cutover;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import txlookup.apply.store.PartitionAnchor;
import txlookup.consumer.GapException;
import txlookup.consumer.TopicIds;

/**
 * Where a generation's stream has to begin so that backfill and stream together miss nothing (algorithms.md 4.1). The
 * ranges may overlap, for applying twice changes nothing; a gap between them would be a loss.
 */
public final class CutoverOffsets implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Admin admin;

    /** @param broker settings of an admin client; it is connected when it is first asked */
    public CutoverOffsets(Map<String, Object> broker) {
        this.admin = Admin.create(broker);
    }

    /**
     * Position anchor, for an extract that this pipeline makes itself afterwards: the end of every partition now. What was
     * published before is in the extract, what comes after is in the stream.
     */
    public List<PartitionAnchor> atEnd(Collection<String> topics) {
        List<TopicPartition> partitions = partitionsOf(topics);
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        return anchors(partitions, ends);
    }

    /**
     * Time anchor, for an extract that was made elsewhere: the first record at or after an instant, in every partition.
     *
     * @param from {@code T_cutover} less the overlap
     * @throws GapException when a log does not reach back to {@code from}, before anything is loaded
     */
    public List<PartitionAnchor> since(Collection<String> topics, Instant from) {
        List<TopicPartition> partitions = partitionsOf(topics);
        // Read before the look-up: where no later record exists, the stream begins at an end that nothing can precede.
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> found = offsets(partitions, OffsetSpec.forTimestamp(from.toEpochMilli()));
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long start = found.get(partition) < 0 ? ends.get(partition) : found.get(partition);
            requireWitness(partition, from, begins.get(partition), start);
            starts.put(partition, start);
        }
        return anchors(partitions, starts);
    }

    /** Only a record older than the wanted instant, or a log that never lost one, shows that none in between is gone. */
    private static void requireWitness(TopicPartition partition, Instant from, long begin, long start) {
        if (begin > 0 && start <= begin) {
            throw new GapException(
                    "GAP_DETECTED %s: events since %s are wanted, and the log begins at offset %d with none older to show that nothing in between is gone; take a newer extract or lengthen the retention"
                            .formatted(partition, from, begin));
        }
    }

    private List<PartitionAnchor> anchors(List<TopicPartition> partitions, Map<TopicPartition, Long> starts) {
        TopicIds topicIds = new TopicIds(admin);
        Map<String, String> ids = new HashMap<>();
        List<PartitionAnchor> anchors = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            String id = ids.computeIfAbsent(
                    partition.topic(), topic -> topicIds.of(topic).orElse(""));
            anchors.add(new PartitionAnchor(
                    partition.topic(), partition.partition(), id.isEmpty() ? null : id, starts.get(partition)));
        }
        return anchors;
    }

    private List<TopicPartition> partitionsOf(Collection<String> topics) {
        Map<String, TopicDescription> described =
                get(admin.describeTopics(topics).allTopicNames());
        return topics.stream()
                .flatMap(topic -> described.get(topic).partitions().stream()
                        .map(partition -> new TopicPartition(topic, partition.partition())))
                .toList();
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, ListOffsetsResultInfo> listed =
                get(admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), p -> spec)))
                        .all());
        return listed.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .offset()));
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "The broker did not answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(PATIENCE);
    }
}

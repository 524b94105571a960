package txlookup.proof.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import txlookup.proof.completeness.LogSpan;

/** Asks the broker where the partitions of some topics begin and end. */
public final class Log implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Admin admin;

    /** @param broker settings of an admin client; it is connected when it is first asked */
    public Log(Map<String, Object> broker) {
        this.admin = Admin.create(broker);
    }

    /**
     * Every partition of the topics.
     *
     * @throws KafkaException when the broker cannot be asked, or does not know a topic
     */
    public List<LogSpan> spans(Collection<String> topics) {
        Map<String, TopicDescription> described =
                get(admin.describeTopics(topics).allTopicNames());
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> described.get(topic).partitions().stream()
                        .map(partition -> new TopicPartition(topic, partition.partition())))
                .toList();
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
        List<LogSpan> spans = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            spans.add(new LogSpan(
                    partition.topic(),
                    partition.partition(),
                    id(described.get(partition.topic()).topicId()),
                    begins.get(partition),
                    ends.get(partition)));
        }
        return spans;
    }

    private static @Nullable String id(@Nullable Uuid id) {
        return id == null || id.equals(Uuid.ZERO_UUID) ? null : id.toString();
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> listed :
                get(admin.listOffsets(wanted).all()).entrySet()) {
            offsets.put(listed.getKey(), listed.getValue().offset());
        }
        return offsets;
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

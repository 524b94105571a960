package txlookup.consumer.cutover;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a broker says about its logs, asked with patience and answered or refused whole. */
final class TopicOffsets {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(TopicOffsets.class);

    private final Admin admin;

    TopicOffsets(Admin admin) {
        this.admin = admin;
    }

    List<TopicPartition> partitions(Collection<String> topics) {
        Map<String, TopicDescription> described =
                get(admin.describeTopics(topics).allTopicNames());
        return topics.stream()
                .flatMap(topic -> described.get(topic).partitions().stream()
                        .map(partition -> new TopicPartition(topic, partition.partition())))
                .toList();
    }

    Map<TopicPartition, Long> begins(Collection<TopicPartition> partitions) {
        return ask(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    }

    /** The ends, whether or not what lies before them is committed. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        return ask(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    }

    /** The first record at or after an instant, by the record's time; -1 where there is none. */
    Map<TopicPartition, Long> since(Collection<TopicPartition> partitions, Instant from) {
        return ask(partitions, OffsetSpec.forTimestamp(from.toEpochMilli()), IsolationLevel.READ_UNCOMMITTED);
    }

    /** The time of the first record that a log still holds, by the record itself; empty where it holds none. */
    Optional<Instant> oldest(TopicPartition partition) {
        ListOffsetsResultInfo first = get(
                admin.listOffsets(Map.of(partition, OffsetSpec.forTimestamp(0))).partitionResult(partition));
        return first.offset() < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(first.timestamp()));
    }

    /** Up to where every transaction has ended: the first record of the oldest open one, or the end. */
    Map<TopicPartition, Long> committedEnds(Collection<TopicPartition> partitions) {
        try {
            return ask(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        } catch (UnsupportedVersionException e) {
            log.info("The broker's protocol is older than transactions: {}", e.getMessage());
            return ends(partitions);
        }
    }

    /** How a topic forgets; empty where the broker does not tell (Event Hubs has no such question). */
    Optional<String> cleanupPolicy(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);
            return Optional.ofNullable(config.get(TopicConfig.CLEANUP_POLICY_CONFIG))
                    .map(entry -> entry.value());
        } catch (UnsupportedVersionException e) {
            return untold(topic, e);
        } catch (AuthorizationException e) {
            // Not both in one clause: their common ancestor differs between the two clients that the image carries.
            return untold(topic, e);
        }
    }

    private static Optional<String> untold(String topic, KafkaException e) {
        log.warn(
                "{}: the broker does not say whether it is compacted, which would lose events: {}",
                topic,
                e.getMessage());
        return Optional.empty();
    }

    private Map<TopicPartition, Long> ask(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, ListOffsetsResultInfo> listed = get(admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(Function.identity(), p -> spec)),
                        new ListOffsetsOptions(isolation))
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
}

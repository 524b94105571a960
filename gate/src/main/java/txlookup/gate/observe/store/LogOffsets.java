package txlookup.gate.observe.store;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import txlookup.gate.observe.record.RequestPatience;

/** What the gate asks the broker: where logs begin and end, their ids, how long they keep. */
public final class LogOffsets implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final String address;
    private final List<String> topics;

    /**
     * Connects when it is first asked.
     *
     * @param broker settings of an admin client
     * @param topics the effective topics
     */
    public LogOffsets(Map<String, Object> broker, List<String> topics) {
        Map<String, Object> settings = new HashMap<>(broker);
        // A gate asks every second, and gives a look up after some; the client itself must not be less patient with
        // Event Hubs than the service wants, or it tears down connections that only wait.
        int patience = RequestPatience.millis(broker, PATIENCE);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patience);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience);
        this.admin = Admin.create(settings);
        this.address = String.valueOf(broker.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
        this.topics = List.copyOf(topics);
    }

    /** @param topicId empty where the broker has none, as Event Hubs */
    record Log(TopicPartition partition, Optional<String> topicId) {
        String name() {
            return partition.toString();
        }
    }

    String address() {
        return address;
    }

    public List<Log> logs() {
        Map<String, TopicDescription> described =
                get(admin.describeTopics(topics).allTopicNames());
        return topics.stream()
                .flatMap(topic -> described.get(topic).partitions().stream()
                        .map(partition -> new Log(
                                new TopicPartition(topic, partition.partition()),
                                Optional.of(described.get(topic).topicId())
                                        .filter(id -> !id.equals(Uuid.ZERO_UUID))
                                        .map(Uuid::toString))))
                .toList();
    }

    Map<String, Long> begins(Collection<Log> logs) {
        return offsets(logs, OffsetSpec.earliest());
    }

    public Map<String, Long> ends(Collection<Log> logs) {
        return offsets(logs, OffsetSpec.latest());
    }

    /**
     * How long a topic keeps its records, by topic. A topic is missing where the broker keeps them for ever, or does not say:
     * Event Hubs has no such question, and another broker may not let the gate ask it.
     */
    Map<String, Duration> retention() {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<ConfigResource, Config> told;
        try {
            told = get(admin.describeConfigs(resources).all());
        } catch (UnsupportedVersionException e) {
            return Map.of();
        } catch (AuthorizationException e) {
            // Not both in one clause: their common ancestor differs between the two clients that the image carries.
            return Map.of();
        }
        Map<String, Duration> kept = new HashMap<>();
        told.forEach((topic, config) -> Optional.ofNullable(config.get(TopicConfig.RETENTION_MS_CONFIG))
                .map(ConfigEntry::value)
                .map(Long::parseLong)
                .filter(millis -> millis > 0)
                .ifPresent(millis -> kept.put(topic.name(), Duration.ofMillis(millis))));
        return kept;
    }

    private Map<String, Long> offsets(Collection<Log> logs, OffsetSpec spec) {
        Map<TopicPartition, ListOffsetsResultInfo> listed = get(admin.listOffsets(
                        logs.stream().map(Log::partition).collect(Collectors.toMap(Function.identity(), p -> spec)))
                .all());
        return listed.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toString(), entry -> entry.getValue()
                        .offset()));
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("the broker does not answer", e);
        } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}

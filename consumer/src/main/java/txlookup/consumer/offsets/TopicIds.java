package txlookup.consumer.offsets;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/** The identity of a topic, which changes when it is deleted and made again; not every broker gives one. */
public final class TopicIds {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Admin admin;

    public TopicIds(Admin admin) {
        this.admin = admin;
    }

    /** The topic's id; empty where the broker gives none (Event Hubs speaks a metadata version without ids). */
    public Optional<String> of(String topic) {
        try {
            return idOf(ask(admin, List.of(topic), PATIENCE).get(topic).get());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Asks for all topics at once; each fails by itself when it is not answered within {@code patience}. */
    static Map<String, KafkaFuture<TopicDescription>> ask(Admin admin, Collection<String> topics, Duration patience) {
        DescribeTopicsOptions options = new DescribeTopicsOptions();
        options.timeoutMs((int) patience.toMillis());
        return admin.describeTopics(topics, options).topicNameValues();
    }

    static Optional<String> idOf(TopicDescription topic) {
        Uuid id = topic.topicId();
        return id == null || id.equals(Uuid.ZERO_UUID) ? Optional.empty() : Optional.of(id.toString());
    }
}

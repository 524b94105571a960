package txlookup.consumer;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/** The identity of a topic, which changes when it is deleted and made again; not every broker gives one. */
public final class TopicIds {
    private static final long PATIENCE_SECONDS = 30;

    private final Admin admin;

    public TopicIds(Admin admin) {
        this.admin = admin;
    }

    /** The topic's id; empty where the broker gives none (Event Hubs speaks a metadata version without ids). */
    public Optional<String> of(String topic) {
        try {
            Uuid id = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .get(topic)
                    .topicId();
            return id == null || id.equals(Uuid.ZERO_UUID) ? Optional.empty() : Optional.of(id.toString());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}

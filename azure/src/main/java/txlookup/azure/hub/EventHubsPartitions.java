package txlookup.azure.hub;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.eventhubs.EventHubClientBuilder;
import com.azure.messaging.eventhubs.EventHubConsumerClient;
import com.azure.messaging.eventhubs.PartitionProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import txlookup.azure.login.EventHubsIdentity;

/** Event Hubs asked by its own client. */
public final class EventHubsPartitions implements HubPartitions {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RETRIES = 2;

    private final String namespace;
    private final Optional<String> connectionString;
    private final AmqpRetryOptions retries;

    /** As {@link HubPartitions.Opener}. */
    public EventHubsPartitions(String namespace, String connectionString) {
        this(
                namespace,
                connectionString,
                new AmqpRetryOptions().setTryTimeout(PATIENCE).setMaxRetries(RETRIES));
    }

    EventHubsPartitions(String namespace, String connectionString, AmqpRetryOptions retries) {
        this.namespace = namespace;
        this.connectionString = Optional.ofNullable(connectionString);
        this.retries = retries;
    }

    @Override
    public List<HubPartition> of(String hub) throws IOException {
        EventHubClientBuilder builder = new EventHubClientBuilder()
                .consumerGroup(EventHubClientBuilder.DEFAULT_CONSUMER_GROUP_NAME)
                .retryOptions(retries);
        connectionString.ifPresentOrElse(
                secret -> builder.connectionString(secret, hub),
                () -> EventHubsIdentity.logIn(builder, namespace, hub));
        try (EventHubConsumerClient client = builder.buildConsumerClient()) {
            List<HubPartition> partitions = new ArrayList<>();
            for (String id : client.getPartitionIds()) {
                PartitionProperties told = client.getPartitionProperties(id);
                partitions.add(new HubPartition(
                        hub,
                        Integer.parseInt(id),
                        told.getBeginningSequenceNumber(),
                        told.getLastEnqueuedSequenceNumber(),
                        told.getLastEnqueuedTime()));
            }
            return partitions;
        } catch (RuntimeException e) {
            throw new IOException(
                    "hub %s of %s does not list its partitions; AMQP needs port 5671 open and the right to listen: %s"
                            .formatted(hub, namespace, e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        // Each question has a connection of its own: minutes lie between them.
    }
}

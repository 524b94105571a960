package txlookup.azure.hub;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** What Event Hubs itself says of a hub's partitions; Kafka's protocol has no way to ask for some of it. */
public interface HubPartitions extends AutoCloseable {
    /**
     * Every partition of a hub.
     *
     * @throws IOException when it could not be asked; the message says what to do
     */
    List<HubPartition> of(String hub) throws IOException;

    /** Makes one for a namespace. */
    @FunctionalInterface
    interface Opener {
        /**
         * Prepares to ask; nothing is asked yet.
         *
         * @param namespace its host
         * @param connectionString of the rule that may listen; null where the process' identity is to ask
         */
        HubPartitions open(String namespace, String connectionString);
    }

    @Override
    void close();

    /**
     * One partition. Kafka's offsets are Event Hubs' sequence numbers.
     *
     * @param beginning sequence number of the oldest event that is still held
     * @param last sequence number of the newest event; -1 before the first
     * @param lastEnqueued when the newest came; meaningless before the first
     */
    record HubPartition(String hub, int partition, long beginning, long last, Instant lastEnqueued) {}
}

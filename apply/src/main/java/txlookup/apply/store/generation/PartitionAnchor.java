package txlookup.apply.store.generation;

import org.jspecify.annotations.Nullable;

/**
 * Where a generation's stream begins in one partition.
 *
 * @param topicId the topic's id, to notice a topic deleted and made again; null where the broker gives none
 * @param startOffset the first offset that the stream applies
 */
public record PartitionAnchor(
        String topic, int partition, @Nullable String topicId, long startOffset) {}

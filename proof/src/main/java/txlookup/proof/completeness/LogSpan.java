package txlookup.proof.completeness;

import org.jspecify.annotations.Nullable;

/**
 * What the broker says about one partition.
 *
 * @param topicId the topic's id now; null where the broker gives none
 * @param begin the first offset still there
 * @param end the offset after the last record
 */
public record LogSpan(String topic, int partition, @Nullable String topicId, long begin, long end) {}

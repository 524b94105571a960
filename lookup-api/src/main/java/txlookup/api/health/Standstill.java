package txlookup.api.health;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of the stream stands still or is late.
 *
 * @param topic null where the whole generation is meant
 * @param partition null where the whole generation is meant
 * @param since when the partition was stopped, up to when its data is complete, or when a consumer was last heard of
 * @param reason why it was stopped, as the consumer wrote it; null where nobody stopped it
 */
public record Standstill(
        long generation,
        @Nullable String topic,
        @Nullable Integer partition,
        Kind kind,
        Instant since,
        @Nullable String reason) {
    /** In which way. */
    public enum Kind {
        /** No consumer of the generation has written anything for a while. */
        NO_CONSUMER,
        /** The consumer stopped the partition, and waits for somebody. */
        STOPPED,
        /** The partition is behind by more than the objective for freshness. */
        BEHIND
    }

    /** The partition, or the generation. */
    public String subject() {
        return topic == null ? "generation " + generation : topic + "-" + partition;
    }
}

package txlookup.consumer.offsets;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a partition's leader said that its log ends.
 *
 * @param leaderEpoch the leader's epoch; null where the broker does not tell
 * @param askedAt when it was asked, by {@link System#nanoTime}: the answer may be older than it looks, never newer
 */
public record LogEnd(long offset, @Nullable Integer leaderEpoch, long askedAt) {
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - askedAt);
    }
}

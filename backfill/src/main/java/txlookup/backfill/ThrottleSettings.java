package txlookup.backfill;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a load, or a comparison, gives way to between two chunks; without an address it gives way to nothing.
 *
 * @param apiMetrics the lookup API's {@code /metrics}; null where its latency is not looked at
 * @param apiLatencyP95 latency of lookups since the last look above which a chunk waits
 * @param consumerMetrics the consumer's {@code /metrics}; null where its lag is not looked at
 * @param streamLag records that are published and not applied above which a chunk waits
 * @param longestWait longest time that a chunk is held back
 */
public record ThrottleSettings(
        @Nullable URI apiMetrics,
        Duration apiLatencyP95,
        @Nullable URI consumerMetrics,
        long streamLag,
        Duration longestWait) {
    /** Gives way to nothing. */
    public static final ThrottleSettings OFF =
            new ThrottleSettings(null, Duration.ZERO, null, Long.MAX_VALUE, Duration.ZERO);

    /** As a profile says. */
    public static ThrottleSettings of(txlookup.profiles.BackfillSettings.Throttle profile) {
        return new ThrottleSettings(
                profile.apiMetrics().orElse(null),
                profile.apiLatencyP95(),
                profile.consumerMetrics().orElse(null),
                profile.streamLag(),
                profile.longestWait());
    }
}

package txlookup.backfill.throttle;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a load, or a comparison, gives way to between two chunks. Without an address a load gives way to the processes that
 * work on what serves, as {@code bo.process} names them, and a comparison to nothing.
 *
 * @param apiMetrics the lookup API's {@code /metrics}
 * @param apiLatencyP95 latency of lookups since the last look above which a chunk waits
 * @param consumerMetrics the consumer's {@code /metrics}
 * @param streamLag records that are published and not applied above which a chunk waits
 * @param longestWait longest time that a chunk is held back; zero gives way to nothing
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
    public static ThrottleSettings of(txlookup.profiles.settings.BackfillSettings.Throttle profile) {
        return new ThrottleSettings(
                profile.apiMetrics().orElse(null),
                profile.apiLatencyP95(),
                profile.consumerMetrics().orElse(null),
                profile.streamLag(),
                profile.longestWait());
    }
}

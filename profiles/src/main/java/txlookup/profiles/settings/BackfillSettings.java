package txlookup.profiles.settings;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The load of what was there before the cutover.
 *
 * @param chunkRows rows applied in one transaction; default 10000
 * @param chunkBytes bytes of rows applied in one transaction, at most; default 8 MiB
 * @param decodeThreads threads that decode; 0, the default, is one for each processor
 * @param source where the rows come from; default {@link BackfillSource.Ndjson}
 * @param asOf when the files were read, UTC; required unless a manifest beside them says so
 * @param throttle what the load gives way to
 */
public record BackfillSettings(
        int chunkRows,
        DataSize chunkBytes,
        int decodeThreads,
        BackfillSource source,
        Optional<Instant> asOf,
        Throttle throttle) {

    public BackfillSettings {
        Objects.requireNonNull(chunkBytes, "chunkBytes");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(asOf, "asOf");
        Objects.requireNonNull(throttle, "throttle");
    }

    /**
     * What the load gives way to between two chunks. Without an address it gives way to nothing.
     *
     * @param apiMetrics the lookup API's {@code /metrics}; without it the latency is not looked at
     * @param apiLatencyP95 latency of lookups above which the load waits; default 150 ms
     * @param consumerMetrics the consumer's {@code /metrics}; without it the lag is not looked at
     * @param streamLag records that are published and not applied above which the load waits; default 10000
     * @param longestWait longest time that a chunk is held back; default 30 s
     */
    public record Throttle(
            Optional<URI> apiMetrics,
            Duration apiLatencyP95,
            Optional<URI> consumerMetrics,
            long streamLag,
            Duration longestWait) {

        public Throttle {
            Objects.requireNonNull(apiMetrics, "apiMetrics");
            Objects.requireNonNull(apiLatencyP95, "apiLatencyP95");
            Objects.requireNonNull(consumerMetrics, "consumerMetrics");
            Objects.requireNonNull(longestWait, "longestWait");
        }
    }
}

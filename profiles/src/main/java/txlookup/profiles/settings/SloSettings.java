package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Objects;

/**
 * What a rebuild must reach (docs/policy.md, "Gates").
 *
 * @param apiLatencyP95 the API's 95th percentile must be below it; default 200 ms
 * @param freshnessP95 the 95th percentile from event to visible must be below it; default 5 s
 * @param errorShare the share of failed requests, 0 to 1, must be below it; default 0.02
 * @param openDeadLetters open dead letters at most; default 0
 * @param minimumRequests requests needed for a verdict; default 500
 */
public record SloSettings(
        Duration apiLatencyP95, Duration freshnessP95, double errorShare, int openDeadLetters, int minimumRequests) {

    public SloSettings {
        Objects.requireNonNull(apiLatencyP95, "apiLatencyP95");
        Objects.requireNonNull(freshnessP95, "freshnessP95");
    }
}

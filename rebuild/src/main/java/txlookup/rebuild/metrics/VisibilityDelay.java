package txlookup.rebuild.metrics;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import txlookup.apply.metrics.MetricsPage;

/** How long events took to become visible, as the consumer's histogram tells it. */
public final class VisibilityDelay {
    private static final String HISTOGRAM = "txlookup_freshness_seconds";
    private static final Duration UNBOUNDED = Duration.ofDays(36_500);

    private final NavigableMap<Double, Double> cumulative;

    private VisibilityDelay(NavigableMap<Double, Double> cumulative) {
        this.cumulative = cumulative;
    }

    /** What the consumer has measured so far. */
    public static VisibilityDelay scrape(URI metrics) throws IOException, InterruptedException {
        return new VisibilityDelay(
                MetricsPage.scrape(metrics, Duration.ofSeconds(5)).histogram(HISTOGRAM, "topic", ""));
    }

    /** What was measured after an earlier scrape. */
    public VisibilityDelay since(VisibilityDelay earlier) {
        TreeMap<Double, Double> difference = new TreeMap<>(cumulative);
        difference.replaceAll((bound, count) -> count - earlier.cumulative.getOrDefault(bound, 0.0));
        return new VisibilityDelay(difference);
    }

    /** How many events were measured. */
    public long events() {
        return cumulative.isEmpty() ? 0 : Math.round(cumulative.lastEntry().getValue());
    }

    /**
     * The upper bound of the bucket that holds the percentile: the true value is at most that. Nothing is interpolated
     * within a bucket. Without events, or beyond the last bound, a hundred years.
     */
    public Duration percentile(double share) {
        double wanted = share * events();
        for (Map.Entry<Double, Double> bucket : cumulative.entrySet()) {
            if (events() > 0 && bucket.getValue() >= wanted && !bucket.getKey().isInfinite()) {
                return Duration.ofMillis(Math.round(bucket.getKey() * 1000));
            }
        }
        return UNBOUNDED;
    }

    /** The percentile for people. */
    public String shown(double share) {
        Duration bound = percentile(share);
        return bound.equals(UNBOUNDED) ? "beyond every bound" : "at most %s s".formatted(bound.toMillis() / 1000.0);
    }
}

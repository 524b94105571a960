package txlookup.backfill.throttle;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The p95 of the latest requests, from a histogram whose counts only grow: since the last look, or over as many looks as it
 * takes to have enough requests for a verdict. An API that nobody asks any more has none.
 */
final class LatencyWindow {
    private static final double ENOUGH_REQUESTS = 20;
    private static final long LONGEST_NANOS = Duration.ofSeconds(10).toNanos();

    private NavigableMap<Double, Double> before = new TreeMap<>();
    private long begun;
    private OptionalDouble latest = OptionalDouble.empty();

    /**
     * Takes another look.
     *
     * @param now the cumulative counts by upper bound in seconds; empty when there was no request yet
     * @param nanos when they were read, by {@link System#nanoTime}
     * @return in seconds, just above the lower bound of the bucket that it lies in, so that it is not overstated; empty
     *     where too few asked to tell
     */
    OptionalDouble p95(NavigableMap<Double, Double> now, long nanos) {
        double requests = total(now) - total(before);
        if (before.isEmpty() || requests < 0) {
            begin(now, nanos, OptionalDouble.empty()); // the first look, or another process
        } else if (requests >= ENOUGH_REQUESTS) {
            begin(now, nanos, OptionalDouble.of(p95(now, requests)));
        } else if (nanos - begun > LONGEST_NANOS) {
            begin(now, nanos, OptionalDouble.empty());
        }
        return latest;
    }

    private void begin(NavigableMap<Double, Double> now, long nanos, OptionalDouble p95) {
        latest = p95;
        before = now;
        begun = nanos;
    }

    private double p95(NavigableMap<Double, Double> now, double requests) {
        double lower = 0;
        for (Map.Entry<Double, Double> bucket : now.entrySet()) {
            if (bucket.getValue() - before.getOrDefault(bucket.getKey(), 0.0) >= 0.95 * requests) {
                break;
            }
            lower = bucket.getKey();
        }
        return Math.nextUp(lower);
    }

    private static double total(NavigableMap<Double, Double> counts) {
        return counts.isEmpty() ? 0 : counts.lastEntry().getValue();
    }
}

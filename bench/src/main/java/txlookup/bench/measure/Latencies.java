package txlookup.bench.measure;

import java.util.Arrays;

/** Every single latency of a measurement: no percentile is made of other percentiles. */
public final class Latencies {
    private long[] nanos = new long[1 << 12];
    private int count;
    private long took;

    public void add(long latency) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = latency;
    }

    public void add(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    public void took(long nanoseconds) {
        took = nanoseconds;
        Arrays.sort(nanos, 0, count);
    }

    public int count() {
        return count;
    }

    public double perSecond() {
        return count * 1e9 / took;
    }

    /** Milliseconds that this share of all requests took at most. */
    public double millis(double share) {
        return nanos[Math.min(count - 1, (int) Math.ceil(share * count) - 1)] / 1e6;
    }

    public void addTo(Metrics figures, String prefix) {
        figures.addMillis(prefix + "p50_ms", millis(0.5));
        figures.addMillis(prefix + "p95_ms", millis(0.95));
        figures.addMillis(prefix + "p99_ms", millis(0.99));
    }
}

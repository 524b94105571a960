package txlookup.gate.observe;

import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;
import txlookup.gate.model.Observation.Latencies;

/** How long lookups took and how they ended, by route; used by many threads. */
final class LookupTimes {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final int DIGITS = 3;

    private final Map<String, Route> routes = new TreeMap<>();
    private long underway;

    private static final class Route {
        final Histogram micros = new Histogram(LONGEST_MICROS, DIGITS);
        final TreeMap<String, Long> answers = new TreeMap<>();
        long failed;
    }

    synchronized void sent() {
        underway++;
    }

    synchronized void answered(String route, String answer, boolean failed, long nanos) {
        Route of = routes.computeIfAbsent(route, unused -> new Route());
        of.micros.recordValue(Math.min(LONGEST_MICROS, Math.max(0, nanos / 1000)));
        of.answers.merge(answer, 1L, Long::sum);
        of.failed += failed ? 1 : 0;
        underway--;
        notifyAll();
    }

    static String failure(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof HttpTimeoutException
                ? "time-out"
                : cause.getClass().getSimpleName();
    }

    /** Every lookup ends by its own time-out; this is only the bound of the bound. */
    synchronized void awaitAnswers(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (long left = patience.toMillis();
                underway > 0 && left > 0;
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())) {
            wait(left);
        }
    }

    synchronized List<Latencies> latencies() {
        return routes.entrySet().stream()
                .map(route -> new Latencies(
                        route.getKey(),
                        encoded(route.getValue().micros),
                        route.getValue().micros.getTotalCount(),
                        route.getValue().failed,
                        route.getValue().answers))
                .toList();
    }

    private static String encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer, Deflater.DEFAULT_COMPRESSION);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }
}

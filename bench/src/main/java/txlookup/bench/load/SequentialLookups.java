package txlookup.bench.load;

import java.io.IOException;
import java.util.function.LongFunction;
import txlookup.bench.measure.Latencies;
import txlookup.bench.measure.Metrics;

/** Asks one after the other over one connection. Anything but 200 ends the measurement. */
public final class SequentialLookups {
    private SequentialLookups() {}

    /** Tells the latencies under the kind. */
    public static void ask(
            Metrics figures, String kind, HttpConnection connection, long requests, LongFunction<String> path)
            throws IOException {
        Latencies latencies = new Latencies();
        long started = System.nanoTime();
        for (long n = 0; n < requests; n++) {
            long at = System.nanoTime();
            int status = connection.get(path.apply(n));
            if (status != 200) {
                throw new IOException("GET %s was answered with %d".formatted(path.apply(n), status));
            }
            latencies.add(System.nanoTime() - at);
        }
        latencies.took(System.nanoTime() - started);
        latencies.addTo(figures, kind);
    }
}

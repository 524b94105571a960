package txlookup.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import txlookup.bench.measure.Latencies;

/**
 * Lookups over kept-alive connections, each waiting for its answer. Anything but 200 ends the measurement.
 *
 * @param paths what is asked for, made of a random number
 */
public record ClosedLoopLookups(int port, int connections, LongFunction<String> paths) {

    /** Each connection asks again as soon as it is answered. */
    public Latencies closed(Duration howLong) throws Exception {
        return run(howLong, () -> System.nanoTime());
    }

    /**
     * Requests arrive at a rate, whatever becomes of the earlier ones: each latency counts from the arrival, also where
     * no connection was free then.
     */
    public Latencies open(int perSecond, Duration howLong) throws Exception {
        long started = System.nanoTime();
        AtomicLong arrivals = new AtomicLong();
        return run(howLong, () -> {
            long due = started + (long) (arrivals.getAndIncrement() * 1e9 / perSecond);
            for (long left; (left = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
            return due;
        });
    }

    /** When the next request arrives, in nanoseconds; returns no earlier. */
    private interface Arrival {
        long next();
    }

    private Latencies run(Duration howLong, Arrival arrival) throws Exception {
        long started = System.nanoTime();
        long ends = started + howLong.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Future<Latencies>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                SplittableRandom random = new SplittableRandom(System.nanoTime() + i);
                running.add(threads.submit((Callable<Latencies>) () -> ask(random, ends, arrival)));
            }
            Latencies all = new Latencies();
            for (Future<Latencies> one : running) {
                all.add(one.get());
            }
            all.took(System.nanoTime() - started);
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private Latencies ask(SplittableRandom random, long ends, Arrival arrival) throws IOException {
        Latencies latencies = new Latencies();
        try (HttpConnection connection = new HttpConnection(port)) {
            for (long at; (at = arrival.next()) < ends; ) {
                String path = paths.apply(random.nextLong(Long.MAX_VALUE));
                int status = connection.get(path);
                if (status != 200) {
                    throw new IOException("GET %s was answered with %d".formatted(path, status));
                }
                latencies.add(System.nanoTime() - at);
            }
        }
        return latencies;
    }
}

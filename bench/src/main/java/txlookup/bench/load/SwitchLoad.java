package txlookup.bench.load;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import txlookup.bench.measure.Latencies;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;

/**
 * Lookups at a rate against several API processes, each answer held against the generation that its {@code X-Generation}
 * names. Nothing is retried. Beside them one probe a process asks all the time which generation answers.
 */
public final class SwitchLoad {
    /** Marks a thousand rows of a schema: their amount tells the generation. */
    public static final String MARK = """
            UPDATE %1$s.ledger_entry SET amount = 20000.00, version = 2
            WHERE tx_id IN (SELECT 'tx-' || n * %2$d FROM generate_series(0, 999) AS n)""";

    public static final int MARKED = 1000;
    private static final int CONNECTIONS = 16;
    private static final int PROBE_EVERY_MILLIS = 5;

    private final List<Integer> ports;
    private final long payments;
    private final int rate;
    private final AtomicLong arrivals = new AtomicLong();
    private final AtomicLong lookups = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final Map<String, Latencies> latencies = new HashMap<>();
    private final Map<Integer, Answered> answered = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile String phase = "warm";
    private volatile boolean over;
    private long started;

    /** Since when a process answers from a generation. */
    private record Answered(String generation, Instant since) {}

    public SwitchLoad(List<Integer> ports, long payments, int rate) {
        this.ports = ports;
        this.payments = payments;
        this.rate = rate;
    }

    /** Each so many-th entry is marked. */
    public static long everyOf(long payments) {
        return 2 * payments / MARKED;
    }

    public void start() {
        started = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            int port = ports.get(i % ports.size());
            SplittableRandom random = new SplittableRandom(i);
            threads.add(new Thread(() -> ask(port, random), "lookup-" + i));
        }
        for (int port : ports) {
            threads.add(new Thread(() -> probe(port), "probe-" + port));
        }
        threads.forEach(thread -> {
            thread.setDaemon(true); // after a failure nothing holds the process
            thread.start();
        });
    }

    /** From now on latencies count for that phase. */
    public void phase(String name) {
        System.out.println(name);
        phase = name;
    }

    public void awaitLookups(long wanted) throws InterruptedException {
        while (lookups.get() < wanted) {
            Thread.sleep(1_000);
        }
    }

    public boolean isOver() {
        return over;
    }

    public void stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** When the last process began to answer from that generation. */
    public Instant awaitAllAnswerFrom(long generation) throws InterruptedException {
        String wanted = Long.toString(generation);
        while (true) {
            List<Answered> now = ports.stream().map(answered::get).toList();
            if (now.stream().allMatch(one -> one != null && one.generation().equals(wanted))) {
                return now.stream().map(Answered::since).max(Instant::compareTo).orElseThrow();
            }
            Thread.sleep(1);
        }
    }

    public void addTo(Metrics figures) {
        figures.put("lookups", lookups.get());
        figures.put("failed", failed.get());
        figures.put("wrong", wrong.get());
        for (String name : List.of("quiet", "load", "switch", "after")) {
            Latencies of = latencies.get(name);
            of.took(1);
            figures.addMillis("p99_ms_" + name, of.millis(0.99));
            figures.addMillis("p95_ms_" + name, of.millis(0.95));
            figures.put("lookups_" + name, of.count());
        }
    }

    private void ask(int port, SplittableRandom random) {
        HttpConnection connection = null;
        while (!over) {
            long due = started + (long) (arrivals.getAndIncrement() * 1e9 / rate);
            for (long left; !over && (left = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
            String now = phase;
            try {
                connection = connection == null ? new HttpConnection(port) : connection;
                look(connection, random);
            } catch (IOException e) {
                failed.incrementAndGet();
                connection = null;
            }
            record(now, System.nanoTime() - due);
        }
    }

    /** Every other one asks for a marked row. */
    private void look(HttpConnection connection, SplittableRandom random) throws IOException {
        long every = everyOf(payments);
        boolean marked = random.nextBoolean();
        long n = marked ? random.nextInt(MARKED) * every : random.nextLong(2 * payments);
        lookups.incrementAndGet();
        if (connection.get("/admin/tx/tx-" + n) != 200) {
            failed.incrementAndGet();
            return;
        }
        boolean first = connection.header("x-generation").equals(Long.toString(Servers.GENERATION));
        boolean isMarked = n % every == 0 && n / every < MARKED;
        String amount = first || !isMarked ? "10000.00" : "20000.00";
        if (!connection.body().contains("\"amount\":\"" + amount + "\"")) {
            wrong.incrementAndGet();
        }
    }

    private void record(String name, long nanos) {
        synchronized (latencies) {
            latencies.computeIfAbsent(name, key -> new Latencies()).add(nanos);
        }
    }

    private void probe(int port) {
        while (!over) {
            try (HttpConnection connection = new HttpConnection(port)) {
                while (!over) {
                    connection.get("/admin/tx/tx-1");
                    Instant at = Instant.now();
                    String generation = connection.header("x-generation");
                    Answered before = answered.get(port);
                    if (before == null || !before.generation().equals(generation)) {
                        answered.put(port, new Answered(generation, at));
                    }
                    Thread.sleep(PROBE_EVERY_MILLIS);
                }
            } catch (IOException e) {
                failed.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}

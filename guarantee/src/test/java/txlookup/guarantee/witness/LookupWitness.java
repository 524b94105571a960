package txlookup.guarantee.witness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import txlookup.guarantee.ActsIT;
import txlookup.guarantee.Trial;

/**
 * Asks every API process for known entries while generations come and go. Each answer names a generation that may answer
 * then, and holds that generation's mark; a lookup fails only while something else than an act is broken.
 */
public final class LookupWitness implements AutoCloseable {
    public static final int KNOWN = 200;
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(12);
    private static final Duration LONGEST = Duration.ofSeconds(8);

    private final List<Integer> ports;
    private final Map<Long, String> marks = new ConcurrentHashMap<>();
    private final AtomicReference<String> wrong = new AtomicReference<>();
    private final AtomicLong lookups = new AtomicLong();
    private final AtomicLong excused = new AtomicLong();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<Thread> threads = new ArrayList<>();
    private final ServingHistory serving;
    private volatile boolean over;
    private volatile long excusedUntil = System.nanoTime();

    public LookupWitness(Trial trial, List<Integer> ports) {
        this.ports = ports;
        this.serving = new ServingHistory(trial, what -> wrong.compareAndSet(null, what));
    }

    public void start() {
        serving.start();
        for (int port : ports) {
            threads.add(new Thread(() -> ask(port), "asking-" + port));
        }
        threads.forEach(Thread::start);
    }

    public static String id(int number) {
        return "known-" + number;
    }

    /** What the known entries of a generation have as their amount. */
    public void expect(long generation, String amount) {
        marks.put(generation, amount);
    }

    /** Lookups may fail while this runs, and for a while after. */
    public void excusing(ActsIT.Doing trouble) throws Exception {
        excusedUntil = Long.MAX_VALUE;
        try {
            trouble.run();
        } finally {
            excusedUntil = System.nanoTime() + AFTER_A_FAULT.toNanos();
        }
    }

    private boolean isExcused(long began) {
        long until = excusedUntil;
        return until == Long.MAX_VALUE || until - began > 0;
    }

    private void ask(int port) {
        Random random = new Random(port);
        while (!over && wrong.get() == null) {
            String id = id(random.nextInt(KNOWN));
            long began = System.nanoTime();
            try {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:%d/admin/tx/%s".formatted(port, id)))
                        .timeout(LONGEST)
                        .build();
                judge(port, id, began, http.send(request, HttpResponse.BodyHandlers.ofString()));
                Thread.sleep(2);
            } catch (IOException | SQLException e) {
                failed(port, id, began, e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void judge(int port, String id, long began, HttpResponse<String> answer) throws SQLException {
        lookups.incrementAndGet();
        if (answer.statusCode() != 200) {
            String what = "%d %s".formatted(answer.statusCode(), answer.body());
            if (answer.statusCode() == 503) {
                failed(port, id, began, what);
            } else {
                see(port, id, what);
            }
            return;
        }
        long generation = answer.headers().firstValueAsLong("X-Generation").orElse(0);
        if (!serving.mightAnswer(generation, began)) {
            see(port, id, "generation %d answered, which may not".formatted(generation));
        }
        String wanted = "\"amount\":\"%s\"".formatted(marks.get(generation));
        if (!answer.body().contains(wanted)) {
            see(port, id, "generation %d has to have %s: %s".formatted(generation, wanted, answer.body()));
        }
    }

    private void failed(int port, String id, long began, String what) {
        if (isExcused(began)) {
            excused.incrementAndGet();
        } else {
            see(port, id, "no fault, and " + what);
        }
    }

    private void see(int port, String id, String what) {
        wrong.compareAndSet(null, "%s asked on port %d: %s".formatted(id, port, what));
    }

    /** Fails when something was ever seen that should not be. */
    public void requireNothingSeen() {
        if (wrong.get() != null) {
            throw new AssertionError("seen on the way: " + wrong.get());
        }
    }

    public String summary() {
        return "%,d lookups, %,d failed while something was broken".formatted(lookups.get(), excused.get());
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        serving.close();
    }
}

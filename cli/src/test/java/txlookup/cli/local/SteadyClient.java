package txlookup.cli.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Looks up without an end through every process that said within the last second that it is ready; it never retries. */
public final class SteadyClient {
    private static final int CALLERS = 4;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Integer> ports;
    private final List<String> ids;
    private final Set<Integer> ready = ConcurrentHashMap.newKeySet();
    private final AtomicLong lookups = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    public SteadyClient(List<Integer> ports, List<String> ids) {
        this.ports = List.copyOf(ports);
        this.ids = List.copyOf(ids);
        ready.addAll(ports);
        threads.add(new Thread(this::askReady, "ready"));
        IntStream.range(0, CALLERS).forEach(n -> threads.add(new Thread(this::lookUp, "lookup-" + n)));
        threads.forEach(Thread::start);
    }

    /** How many lookups were made. */
    public long lookups() {
        return lookups.get();
    }

    /** What was no 200, each with what it was. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    private void askReady() {
        while (!ending) {
            for (int port : ports) {
                if (isReady(port)) {
                    ready.add(port);
                } else {
                    ready.remove(port);
                }
            }
            pause(1_000);
        }
    }

    private boolean isReady(int port) {
        try {
            return get(port, "/ready", Duration.ofMillis(500)).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void lookUp() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (!ending) {
            List<Integer> now = List.copyOf(ready);
            if (now.isEmpty()) {
                pause(5);
                continue;
            }
            int port = now.get(random.nextInt(now.size()));
            String id = ids.get(random.nextInt(ids.size()));
            try {
                HttpResponse<String> answer = get(port, "/admin/tx/" + id, LONGEST);
                if (answer.statusCode() != 200 || !answer.body().contains(id)) {
                    failures.add("%d %s: %d %s".formatted(port, id, answer.statusCode(), answer.body()));
                }
            } catch (IOException e) {
                failures.add("%d %s: %s".formatted(port, id, e));
            }
            lookups.incrementAndGet();
            pause(5);
        }
    }

    private HttpResponse<String> get(int port, String path, Duration timeout) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .timeout(timeout)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the last lookup has ended. */
    public void stop() throws InterruptedException {
        ending = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}

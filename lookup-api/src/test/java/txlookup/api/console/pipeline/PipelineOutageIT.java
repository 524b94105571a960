package txlookup.api.console.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/**
 * A hundred pipeline pages are open while the store is away, and ask again as browsers do. Afterwards the heap is as it was and
 * every page is told again. {@code -Dtxlookup.test.outage.seconds=600} makes it ten minutes.
 */
@Tag("nightly")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class PipelineOutageIT {
    private static final int PAGES = 100;
    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("txlookup.test.outage.seconds", 40));
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long MOST_MORE = 32 << 20;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong panels = new AtomicLong();
    private final List<CompletableFuture<HttpResponse<Void>>> streams = new ArrayList<>();

    @Test
    void theHeapIsFlatAndEveryPageIsToldAgain() throws InterruptedException {
        PostgresSettings settings = SharedPostgres.settings(folder.resolve("data"));
        try (LocalPostgres server = LocalPostgres.start(settings)) {
            server.createDatabase("own");
            TestDatabase database =
                    new TestDatabase("own", server.jdbcUrl("own"), settings.superuser(), settings.password());
            RunningApi.migrateAndServe(database);
            try (RunningApi api = RunningApi.start(database, PipelineOutageIT::impatient)) {
                api.store(payment("TX-1"));
                for (int page = 0; page < PAGES; page++) {
                    open(api);
                }
                awaitPanels();
                long before = heap();

                server.stop();
                long ends = System.nanoTime() + OUTAGE.toNanos();
                while (System.nanoTime() < ends) {
                    askAgain(api);
                    Thread.sleep(1_000);
                }

                server.restart();
                Eventually.within(
                        DEADLINE, "an answer", () -> api.get("/admin/tx/TX-1").statusCode() == 200);
                openAgain(api);
                awaitPanels();
                assertThat(streams).noneMatch(CompletableFuture::isDone);
                long more = heap() - before;
                System.out.printf("PipelineOutageIT: %,d KiB of heap more than before the outage%n", more / 1024);
                assertThat(more).as("bytes more than before").isLessThan(MOST_MORE);
            }
        }
    }

    private void open(RunningApi api) {
        streams.add(client.sendAsync(
                request(api), answer -> HttpResponse.BodySubscribers.fromLineSubscriber(new Panels(panels))));
    }

    /** As browsers do with a stream that has ended, because it was the longest that one may be. */
    private void openAgain(RunningApi api) {
        long ended = streams.stream().filter(CompletableFuture::isDone).count();
        streams.removeIf(CompletableFuture::isDone);
        for (long page = 0; page < ended; page++) {
            open(api);
        }
    }

    private void askAgain(RunningApi api) {
        List<CompletableFuture<HttpResponse<Void>>> again = new ArrayList<>();
        for (int page = 0; page < PAGES; page++) {
            again.add(client.sendAsync(request(api), HttpResponse.BodyHandlers.discarding()));
        }
        assertThat(again)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(503));
    }

    private void awaitPanels() {
        panels.set(0);
        Eventually.within(DEADLINE, "every page is told", () -> panels.get() >= 2 * PAGES);
    }

    private static HttpRequest request(RunningApi api) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/pipeline/stream".formatted(api.port())))
                .build();
    }

    private static long heap() throws InterruptedException {
        for (int collections = 0; collections < 3; collections++) {
            System.gc();
            Thread.sleep(200);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static LookupApiSettings impatient(LookupApiSettings settings) {
        LookupApiSettings.Database database = settings.database();
        return Changed.database(
                settings,
                new LookupApiSettings.Database(
                        database.jdbcUrl(),
                        database.user(),
                        Optional.of(database.password().orElseThrow()),
                        2,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2)));
    }

    /** Counts the panels of a stream and keeps nothing of it. */
    private record Panels(AtomicLong seen) implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.equals("event:panel")) {
                seen.incrementAndGet();
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}

package txlookup.backfill.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.model.Entity;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.backfill.BackfillFixture;
import txlookup.backfill.Manifest;
import txlookup.backfill.source.NdjsonInput;

/** A load beside an API that is slow, and a consumer that lags or is gone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ThrottleIT {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration VERY_LONG = Duration.ofMinutes(10);

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private final AtomicInteger fast = new AtomicInteger();
    private final AtomicInteger slow = new AtomicInteger();
    private volatile int slowMetrics;
    private volatile String lag = "0";
    private volatile int fastAtEachLook;
    private volatile int slowAtEachLook;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            asked.incrementAndGet();
            fast.addAndGet(fastAtEachLook);
            slow.addAndGet(slowAtEachLook);
            byte[] body = metrics().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String metrics() {
        return """
                # TYPE txlookup_api_request_seconds histogram
                txlookup_api_request_seconds_bucket{route="/admin/tx/{txId}",status="200",le="0.1"} %1$d
                txlookup_api_request_seconds_bucket{route="/admin/tx/{txId}",status="200",le="0.15"} %1$d
                txlookup_api_request_seconds_bucket{route="/admin/tx/{txId}",status="200",le="0.2"} %2$d
                txlookup_api_request_seconds_bucket{route="/admin/tx/{txId}",status="200",le="+Inf"} %2$d
                txlookup_api_request_seconds_bucket{route="/metrics",status="200",le="0.1"} 0
                txlookup_api_request_seconds_bucket{route="/metrics",status="200",le="+Inf"} %3$d
                # TYPE txlookup_consumer_lag_records gauge
                txlookup_consumer_lag_records{topic="a",partition="0"} %4$s
                txlookup_consumer_lag_records{topic="a",partition="1"} NaN
                """.formatted(fast.get(), fast.get() + slow.get(), slowMetrics, lag);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
    }

    private ThrottleSettings byLatency(Duration longestWait) {
        return new ThrottleSettings(address(), Duration.ofMillis(150), null, 1, longestWait);
    }

    private ThrottleSettings byLag(Duration longestWait) {
        return new ThrottleSettings(null, Duration.ofMillis(150), address(), 1000, longestWait);
    }

    private static CompletableFuture<Duration> waiting(Throttle throttle) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return throttle.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void looks(int more) throws InterruptedException {
        int from = asked.get();
        while (asked.get() < from + more) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void waitsWhileLookupsAreSlowAndGoesOnWhenTheyAreNot() throws Exception {
        Throttle throttle = new Throttle(byLatency(VERY_LONG), LOOK_EVERY);
        fastAtEachLook = 90;
        slowAtEachLook = 10;
        assertThat(throttle.await()).as("nothing to compare with yet").isZero();
        CompletableFuture<Duration> held = waiting(throttle);
        looks(5);
        assertThat(held).isNotDone();
        slowAtEachLook = 4;
        assertThat(held.get()).isPositive();
        assertThat(throttle.await()).isZero();
    }

    @Test
    void doesNotCountWhatIsNoLookup() throws Exception {
        Throttle throttle = new Throttle(byLatency(VERY_LONG), LOOK_EVERY);
        fastAtEachLook = 100;
        assertThat(throttle.await()).isZero();
        slowMetrics = 1000;
        assertThat(throttle.await()).isZero();
    }

    @Test
    void fewRequestsAreGatheredUntilTheyTellSomething() {
        LatencyWindow window = new LatencyWindow();
        assertThat(window.p95(counts(0, 0), 0)).isEmpty();
        assertThat(window.p95(counts(8, 8), 1)).as("16 requests").isEmpty();
        assertThat(window.p95(counts(12, 12), 2)).hasValue(Math.nextUp(0.15));
        assertThat(window.p95(counts(12, 12), 3)).as("still").isPresent();
        assertThat(window.p95(counts(12, 12), Duration.ofSeconds(11).toNanos()))
                .as("nobody asks any more")
                .isEmpty();
        assertThat(window.p95(counts(1, 1), Duration.ofSeconds(12).toNanos()))
                .as("the API began again")
                .isEmpty();
    }

    private static NavigableMap<Double, Double> counts(double fast, double slow) {
        NavigableMap<Double, Double> counts = new TreeMap<>();
        counts.put(0.15, fast);
        counts.put(0.2, fast + slow);
        counts.put(Double.POSITIVE_INFINITY, fast + slow);
        return counts;
    }

    @Test
    void waitsWhileTheStreamLagsAndGoesOnWhenItDoesNot() throws Exception {
        Throttle throttle = new Throttle(byLag(VERY_LONG), LOOK_EVERY);
        lag = "1001.0";
        CompletableFuture<Duration> held = waiting(throttle);
        looks(5);
        assertThat(held).isNotDone();
        lag = "1.0E3";
        assertThat(held.get()).isPositive();
    }

    @Test
    void doesNotWaitForEverForAConsumerThatNeverCatchesUp() throws Exception {
        lag = "5000";
        Duration longestWait = Duration.ofMillis(300);
        assertThat(new Throttle(byLag(longestWait), LOOK_EVERY).await()).isGreaterThanOrEqualTo(longestWait);
    }

    @Test
    void whatCannotBeAskedHoldsNothingBack() throws Exception {
        ThrottleSettings gone = byLag(VERY_LONG);
        server.stop(0);
        assertThat(new Throttle(gone, LOOK_EVERY).await()).isZero();
        assertThat(asked).hasValue(0);
    }

    @Test
    void asksNobodyWhereNothingIsConfigured() throws Exception {
        assertThat(new Throttle(ThrottleSettings.OFF, LOOK_EVERY).await()).isZero();
    }

    @Test
    void everyChunkOfALoadIsHeldBackAndThenLoaded(@TempDir Path folder) throws Exception {
        lag = "5000";
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            rows.append("""
                    {"tx_id":"tx-%d","wallet_id":"w","entry_type":"PAYMENT","amount":"1","event_time":"2026-02-05T01:00:00Z","version":1}
                    """.formatted(i));
        }
        Path file = Files.writeString(folder.resolve("entries.ndjson"), rows);
        Duration longestWait = Duration.ofMillis(200);
        try (BackfillFixture fixture = new BackfillFixture()) {
            long began = System.nanoTime();
            Manifest manifest = fixture.backfill(1, BackfillFixture.QUIET, byLag(longestWait))
                    .load(List.of(new NdjsonInput(file, Entity.LEDGER_ENTRY)));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(longestWait.multipliedBy(4));
            assertThat(manifest.rows()).isEqualTo(4);
        }
    }

    /** Also of an API and a consumer that no setting names. */
    @Test
    void aLoadBesideWhatServesGivesWayToItsProcesses() throws Exception {
        long serving = BackfillFixture.GENERATION - 1;
        String here = "127.0.0.1:" + server.getAddress().getPort();
        ThrottleSettings byDefault =
                new ThrottleSettings(null, Duration.ofMillis(150), null, 1000, Duration.ofMillis(200));
        try (BackfillFixture fixture = new BackfillFixture()) {
            new GenerationRegistry(fixture.connections)
                    .plan(new Generation(
                            serving,
                            "test",
                            "kim",
                            "earlier",
                            "canonical-v1",
                            BackfillFixture.CUTOVER,
                            Generation.State.PLANNED,
                            null));
            fixture.execute("UPDATE bo.generation SET state = 'READY' WHERE generation = " + serving);
            fixture.execute("UPDATE bo.serving SET generation = " + serving);
            fixture.execute("""
                    INSERT INTO bo.process (process_id, kind, address, generation, build, heartbeat_at)
                    VALUES ('api', 'API', '%1$s', NULL, 'test', now() + interval '1 day'),
                           ('gone', 'API', '127.0.0.1:1', NULL, 'test', now() - interval '1 day'),
                           ('consumer', 'CONSUMER', '%1$s', %2$d, 'test', now() + interval '1 day'),
                           ('other', 'CONSUMER', '127.0.0.1:1', %3$d, 'test', now() + interval '1 day')""".formatted(here, serving, BackfillFixture.GENERATION));
            ServingMetrics metrics = new ServingMetrics(byDefault, fixture.connections, BackfillFixture.GENERATION);
            assertThat(metrics.ofApi()).containsExactly(address());
            assertThat(metrics.ofConsumers()).containsExactly(address());
            Throttle throttle = new Throttle(byDefault, metrics);
            assertThat(throttle.await()).isZero();
            lag = "5000";
            assertThat(throttle.await()).isPositive();
            ServingMetrics ofItself = new ServingMetrics(byDefault, fixture.connections, serving);
            assertThat(ofItself.ofApi()).isEmpty();
            assertThat(ofItself.ofConsumers()).isEmpty();
        }
    }
}

package txlookup.proof.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.model.Entity;
import txlookup.backfill.source.Input;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.proof.ProofFixture;
import txlookup.proof.Verification;

/** A comparison tells how far it is, and gives way to a stream that lags. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReadingIT {
    private static final long PAYMENTS = 6_667;
    private static final VerificationSettings SETTINGS =
            new VerificationSettings(10, 500_000, 1_000, Duration.ofMillis(10));
    private static final Window WINDOW =
            Window.settled(null, ProofFixture.CUTOVER, ProofFixture.CUTOVER, ProofFixture.SETTLE);

    private final AtomicLong read = new AtomicLong();
    private final List<String> begun = Collections.synchronizedList(new ArrayList<>());
    private final VerificationProgress progress = new VerificationProgress() {
        @Override
        public void begins(Entity entity, int buckets, OptionalLong rows) {
            begun.add("%s, %d buckets, %d rows".formatted(entity, buckets, rows.orElse(-1)));
        }

        @Override
        public void read(long rows) {
            read.addAndGet(rows);
        }
    };

    @TempDir
    private Path folder;

    @Test
    void everyRowThatIsReadIsTold() throws Exception {
        List<Input> inputs = ProofFixture.extract(PAYMENTS, folder);
        try (ProofFixture fixture = new ProofFixture()) {
            fixture.load(inputs);
            fixture.execute("ANALYZE payment_order");
            Verification verification = new Verification(
                    ProofFixture.side(inputs), fixture.storeSide, SETTINGS, progress, ThrottleSettings.OFF);
            Findings clean = verification.run(WINDOW);
            long rows = clean.tables().stream()
                    .mapToLong(table -> table.sourceRows() + table.storeRows())
                    .sum();
            assertThat(rows).isGreaterThan(4 * PAYMENTS);
            assertThat(read).hasValue(rows);
            long orders = Long.parseLong(String.valueOf(fixture.one("SELECT count(*) FROM payment_order")));
            assertThat(begun).hasSize(2).contains("PAYMENT_ORDER, 0 buckets, %d rows".formatted(2 * orders));

            begun.clear();
            fixture.execute("DELETE FROM payment_order WHERE order_id = (SELECT min(order_id) FROM payment_order)");
            assertThat(verification.run(WINDOW).differences()).hasSize(1);
            assertThat(begun)
                    .hasSize(3)
                    .last()
                    .isEqualTo("PAYMENT_ORDER, 1 buckets, %d rows".formatted(2 * orders - 1));
        }
    }

    @Test
    void itWaitsWhileTheStreamLagsAndGoesOnWhenItDoesNot() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger lag = new AtomicInteger(1001);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            asked.incrementAndGet();
            byte[] body =
                    "txlookup_consumer_lag_records %d%n".formatted(lag.get()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI consumer = URI.create(
                "http://127.0.0.1:%d/metrics".formatted(server.getAddress().getPort()));
        List<Input> inputs = ProofFixture.extract(PAYMENTS, folder);
        try (ProofFixture fixture = new ProofFixture()) {
            fixture.load(inputs);
            Verification verification = new Verification(
                    ProofFixture.side(inputs),
                    fixture.storeSide,
                    SETTINGS,
                    progress,
                    new ThrottleSettings(null, Duration.ZERO, consumer, 1000, Duration.ofMinutes(5)));
            CompletableFuture<Findings> running = new CompletableFuture<>();
            new Thread(() -> {
                        try {
                            running.complete(verification.run(WINDOW));
                        } catch (Exception e) {
                            running.completeExceptionally(e);
                        }
                    })
                    .start();
            while (asked.get() < 3) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(running).isNotDone();
            lag.set(1000);
            assertThat(running.get().differences()).isEmpty();
        } finally {
            server.stop(0);
        }
    }
}

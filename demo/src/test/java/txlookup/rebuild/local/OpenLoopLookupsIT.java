package txlookup.rebuild.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenLoopLookupsIT {
    private static final double FAST = 200;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private static final long GENERATION = 20261121010733L;

    private final CountDownLatch testEnds = new CountDownLatch(1);
    private final CountDownLatch fifthArrived = new CountDownLatch(1);
    private HttpServer server;
    private URI api;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/admin/tx/", this::answer);
        server.start();
        api = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        testEnds.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void everyAnswerBelowFiveHundredCountsAndItsNotFoundAsWell() {
        OpenLoopLookups.Result result =
                new OpenLoopLookups(api, GENERATION, FAST, n -> n % 2 == 0 ? "200" : "404").run(n -> n < 10);

        assertThat(result.requests()).isEqualTo(10);
        assertThat(result.failed()).isZero();
        assertThat(result.failedShare()).isZero();
        assertThat(result.millis()).hasSize(10).isSorted();
    }

    @Test
    void anAnswerOfFiveHundredIsAFailureWithoutLatency() {
        OpenLoopLookups.Result result =
                new OpenLoopLookups(api, GENERATION, FAST, n -> n < 2 ? "500" : n < 3 ? "503" : "200").run(n -> n < 12);

        assertThat(result.failed()).isEqualTo(3);
        assertThat(result.millis()).hasSize(9);
        assertThat(result.failedShare()).isEqualTo(0.25);
    }

    @Test
    void aLookupWithoutAnAnswerInTimeIsAFailure() {
        OpenLoopLookups.Result result =
                new OpenLoopLookups(api, GENERATION, FAST, n -> n == 0 ? "never" : "200").run(n -> n < 4);

        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.requests()).isEqualTo(4);
    }

    @Test
    void aServerThatIsAwayFailsEveryLookup() {
        server.stop(0);

        OpenLoopLookups.Result result = new OpenLoopLookups(api, GENERATION, FAST, n -> "200").run(n -> n < 4);

        assertThat(result.failedShare()).isEqualTo(1);
        assertThat(result.percentile(0.95)).isNaN();
    }

    @Test
    void latencyCountsFromWhenALookupWasDueThoughItWasSentLater() {
        OpenLoopLookups.Result result = new OpenLoopLookups(api, GENERATION, FAST, n -> "200").run(n -> {
            if (n == 1) {
                // The second one is due 5 ms after the first and is held up for much longer.
                sleep(500);
            }
            return n < 2;
        });

        assertThat(result.percentile(1)).isGreaterThanOrEqualTo(490);
    }

    @Test
    void aLookupIsSentThoughEarlierOnesAreNotAnswered() {
        OpenLoopLookups.Result result = new OpenLoopLookups(
                        api, GENERATION, FAST, n -> n < 4 ? "when-the-fifth-arrives" : "fifth")
                .run(n -> n < 5);

        assertThat(result.failed()).isZero();
    }

    @Test
    void lookupsAreNotSentBeforeTheyAreDue() {
        long started = System.nanoTime();

        new OpenLoopLookups(api, GENERATION, 20, n -> "200").run(n -> n < 11);

        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
    }

    @Test
    void aPercentileIsALatencyThatWasSeen() {
        OpenLoopLookups.Result hundred = new OpenLoopLookups.Result(
                IntStream.rangeClosed(1, 100).mapToObj(n -> (double) n).toList(), 0);

        assertThat(hundred.percentile(0.5)).isEqualTo(50);
        assertThat(hundred.percentile(0.95)).isEqualTo(95);
        assertThat(hundred.percentile(1)).isEqualTo(100);
        assertThat(new OpenLoopLookups.Result(List.of(7.0), 0).percentile(0.95)).isEqualTo(7);
    }

    @Test
    void whereNothingWasAskedEverythingFailed() {
        assertThat(new OpenLoopLookups.Result(List.of(), 0).failedShare()).isEqualTo(1);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String asked = path.substring(path.lastIndexOf('/') + 1);
        switch (asked) {
            case "never" -> await(testEnds);
            case "when-the-fifth-arrives" -> await(fifthArrived);
            case "fifth" -> fifthArrived.countDown();
            default -> {}
        }
        exchange.sendResponseHeaders(asked.matches("\\d+") ? Integer.parseInt(asked) : 200, -1);
        exchange.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

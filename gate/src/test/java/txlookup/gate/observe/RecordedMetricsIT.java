package txlookup.gate.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;

/** What others scraped is counted as the gate's own scrapes are. The servers answer in the shapes that theirs have. */
class RecordedMetricsIT {
    private static final Instant FROM = Instant.parse("2026-02-05T01:00:00Z");
    private static final String METRIC = "txlookup_consumer_records_total";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String answer = "";
    private volatile int status = 200;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            asked.add(exchange.getRequestURI().getPath() + "?" + query + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            boolean wanted = query.equals("null") || query.contains(METRIC);
            byte[] body = (wanted
                            ? answer
                            : "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private Observation observe(ObservationSource source) throws InterruptedException {
        Recorder recorder =
                new Recorder(new Observation.Environment("test", null, List.of("ledger")), SloFile.shipped(), FROM);
        recorder.at(FROM.plusSeconds(300));
        source.end(recorder);
        return recorder.finish(FROM.plusSeconds(300));
    }

    private ObservationSource prometheus() {
        return new PrometheusServer(address(), new ServiceHttp(Optional::empty));
    }

    @Test
    void aPrometheusIsAskedForRawSamples() throws Exception {
        long at = FROM.getEpochSecond();
        answer = """
                {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"%s","job":"c","result":"dead"},
                "values":[[%d,"7"],[%d.5,"9"],[%d,"1"]]}]}}""".formatted(METRIC, at, at + 15, at + 30);

        Observation observation = observe(prometheus());

        assertThat(asked).anySatisfy(one -> assertThat(one).contains(METRIC + "[300s]", "2026-02-05T01:05:00Z"));
        assertThat(observation.increases()).singleElement().satisfies(increase -> {
            assertThat(increase.by()).isEqualTo(3);
            assertThat(increase.resets()).isEqualTo(1);
            assertThat(increase.labels()).containsOnlyKeys("result");
        });
        assertThat(observation.asked())
                .filteredOn(one -> one.source().equals("api"))
                .allSatisfy(one -> assertThat(one.lastFailed()).isTrue());
    }

    @Test
    void aPrometheusThatRefusesIsAFailureOfEveryService() throws Exception {
        status = 503;
        answer = "{\"status\":\"error\",\"error\":\"no\"}";

        assertThat(observe(prometheus()).asked())
                .extracting(Observation.Asked::source)
                .containsExactly("api", "consumer");
    }

    @Test
    void anOpenLoopCountsFromWhenALookupWasDue() {
        LookupTimes times = new LookupTimes();
        times.sent();
        times.answered("/r", "200", false, Duration.ofMillis(1500).toNanos());

        assertThat(times.latencies()).singleElement().satisfies(route -> {
            assertThat(route.all()).isEqualTo(1);
            assertThat(route.answers()).containsEntry("200", 1L);
        });
    }
}

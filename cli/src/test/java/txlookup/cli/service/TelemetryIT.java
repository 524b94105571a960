package txlookup.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.cli.service.OtlpReceiver.Received;
import txlookup.local.testing.TestSecrets;
import txlookup.profiles.ProfileLoader;

/** Traces and metrics of the services as they are, to where a profile sends them. */
@Tag("nightly")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TelemetryIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PRODUCER = "00f067aa0ba902b7";
    private static final Optional<String> SAMPLED = Optional.of("00-" + TRACE + "-" + PRODUCER + "-01");
    private static final Optional<String> NOT_SAMPLED =
            Optional.of("00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-" + PRODUCER + "-00");
    private static final String CONNECTION_STRING = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private static final String KEY = TestSecrets.keep("7d1a6b0c-3c5e-4c5c-9a7b-2f0d3b1f9e11");
    private static final Pattern ASKED_FOR =
            Pattern.compile("Name == \"(\\w+)\"(?: and tostring\\(Properties\\.(\\w+)\\) == \"(\\w+)\")?");
    private static final Pattern CATALOGUED = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");

    /** Nothing is sampled but what somebody else decided to. */
    private static Map<String, String> otlpTo(String endpoint) {
        return Map.of("telemetry.exporter", "otlp", "telemetry.endpoint", endpoint, "telemetry.sampleRatio", "0");
    }

    @Test
    void aTraceGoesFromTheRecordsHeaderToTheCommitAndThroughTheLookup() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver()) {
            String topic;
            try (TracedServices services =
                    new TracedServices(otlpTo(receiver.address().toString()), Map.of())) {
                topic = services.topic();
                services.publish("tx-untraced", Optional.empty());
                services.publish("tx-not-sampled", NOT_SAMPLED);
                services.publish("tx-1", SAMPLED);
                services.awaitVisible("tx-1");
                assertThat(services.lookUp("tx-1", SAMPLED)).isEqualTo(200);
                assertThat(services.lookUp("tx-1", NOT_SAMPLED)).isEqualTo(200);
            }

            assertThat(receiver.spans()).isNotEmpty().allSatisfy(one -> assertThat(one.traceId())
                    .isEqualTo(TRACE));
            Received batch = only(receiver, "apply " + topic);
            assertThat(batch.service()).isEqualTo("txlookup-consumer");
            assertThat(batch.parentId()).isEqualTo(PRODUCER);
            assertThat(batch.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
            assertThat(batch.span().getLinksList()).hasSize(1);
            assertThat(only(receiver, "commit").parentId()).isEqualTo(batch.spanId());
            Received request = only(receiver, "GET /admin/tx/{tx_id}");
            assertThat(request.service()).isEqualTo("txlookup-api");
            assertThat(request.parentId()).isEqualTo(PRODUCER);
            assertThat(only(receiver, "lookup").parentId()).isEqualTo(request.spanId());
            assertThat(only(receiver, "audit commit").parentId()).isEqualTo(request.spanId());
            assertMetricsAreCatalogued(receiver);
        }
    }

    private static Received only(OtlpReceiver receiver, String name) {
        List<Received> named = receiver.spans().stream()
                .filter(one -> one.span().getName().equals(name))
                .toList();
        assertThat(named)
                .as(
                        "%s among %s",
                        name,
                        receiver.spans().stream()
                                .map(one -> one.span().getName())
                                .toList())
                .hasSize(1);
        return named.get(0);
    }

    private static void assertMetricsAreCatalogued(OtlpReceiver receiver) throws Exception {
        Set<String> catalogued = CATALOGUED
                .matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        Set<String> sent = receiver.metrics().stream().map(Metric::getName).collect(Collectors.toSet());

        assertThat(sent)
                .contains(
                        "txlookup_freshness_seconds",
                        "txlookup_consumer_records_total",
                        "txlookup_api_request_seconds");
        assertThat(sent.stream().filter(name -> name.startsWith("txlookup") || name.startsWith("hikari")))
                .isSubsetOf(catalogued);
        assertThat(receiver.metrics().stream()
                        .filter(metric -> metric.getName().equals("txlookup_consumer_records_total"))
                        .flatMap(metric -> metric.getSum().getDataPointsList().stream())
                        .flatMap(point -> point.getAttributesList().stream())
                        .map(KeyValue::getKey))
                .contains("topic", "partition", "result");
    }

    @Test
    void withACollectorThatIsAwayApplyingAndAnsweringGoOn() throws Exception {
        try (TracedServices services = new TracedServices(otlpTo("http://127.0.0.1:1"), Map.of())) {
            services.publish("tx-1", SAMPLED);
            services.awaitVisible("tx-1");
            assertThat(services.lookUp("tx-1", SAMPLED)).isEqualTo(200);
        }
    }

    @Test
    void applicationInsightsGetsTheTraceAndTheMetricsThatItsAlertsAskFor() throws Exception {
        List<String> items = new CopyOnWriteArrayList<>();
        HttpServer ingestion = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ingestion.createContext("/", exchange -> {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            try (InputStream body =
                    zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
                items.addAll(new String(body.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
            }
            byte[] answer = "{\"itemsReceived\":1,\"itemsAccepted\":1,\"errors\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        ingestion.start();
        String connection = "InstrumentationKey=%s;IngestionEndpoint=http://127.0.0.1:%d/"
                .formatted(KEY, ingestion.getAddress().getPort());
        String written = whatIsWritten(() -> {
            try (TracedServices services = new TracedServices(
                    Map.of("telemetry.exporter", "azure-monitor", "telemetry.sampleRatio", "0"),
                    Map.of(CONNECTION_STRING, connection))) {
                services.publishRubbish();
                services.publish("tx-1", SAMPLED);
                services.awaitVisible("tx-1");
                assertThat(services.lookUp("tx-1", SAMPLED)).isEqualTo(200);
            }
        });
        ingestion.stop(0);

        assertThat(items)
                .anyMatch(item -> item.contains(TRACE) && item.contains("\"apply "))
                .anyMatch(item -> item.contains(TRACE) && item.contains("GET /admin/tx/{tx_id}"))
                .anyMatch(item -> item.contains("\"txlookup_freshness_seconds\"") && item.contains("\"max\""));
        Set<List<String>> queried = queriedByAlerts();
        assertThat(queried).hasSize(2);
        // A name, or a name with a property's value.
        assertThat(queried).allSatisfy(wanted -> assertThat(items)
                .anyMatch(item -> wanted.stream().allMatch(item::contains)));
        assertThat(written).doesNotContain(KEY);
    }

    private static Set<List<String>> queriedByAlerts() throws Exception {
        String template = Files.readString(Path.of("..", "azure", "templates", "monitoring.json"))
                .replace("\\\"", "\"");
        return ASKED_FOR
                .matcher(template)
                .results()
                .map(found -> found.group(2) == null
                        ? List.of('"' + found.group(1) + '"')
                        : List.of(
                                '"' + found.group(1) + '"', "\"%s\":\"%s\"".formatted(found.group(2), found.group(3))))
                .collect(Collectors.toSet());
    }

    private interface Work {
        void run() throws Exception;
    }

    private static String whatIsWritten(Work work) throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (PrintStream kept = new PrintStream(written, true, StandardCharsets.UTF_8)) {
            System.setOut(kept);
            System.setErr(kept);
            work.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withApplicationInsightsAwayApplyingAndAnsweringGoOn() throws Exception {
        String connection = "InstrumentationKey=%s;IngestionEndpoint=http://127.0.0.1:1/".formatted(KEY);
        String written = whatIsWritten(() -> {
            try (TracedServices services = new TracedServices(
                    Map.of("telemetry.exporter", "azure-monitor"), Map.of(CONNECTION_STRING, connection))) {
                services.publish("tx-1", SAMPLED);
                services.awaitVisible("tx-1");
                assertThat(services.lookUp("tx-1", SAMPLED)).isEqualTo(200);
            }
        });

        assertThat(written).doesNotContain(KEY).doesNotContain("NoClassDefFoundError");
    }

    @Test
    void anyOtherConnectionStringIsRefusedWithoutBeingRepeated() {
        var profile =
                new ProfileLoader(Path.of(""), Map.of()).load("local", Map.of("telemetry.exporter", "azure-monitor"));

        assertThatThrownBy(() -> Telemetry.start("x", true, profile, Map.of()))
                .hasMessageStartingWith(CONNECTION_STRING + ": saw nothing");
        assertThatThrownBy(() -> Telemetry.start("x", true, profile, Map.of(CONNECTION_STRING, "InstrumentKey=" + KEY)))
                .hasMessageStartingWith(CONNECTION_STRING + ": saw 50 characters")
                .hasMessageNotContaining(KEY);
    }

    @Test
    void nothingIsTracedUnlessTheProfileSaysSo() {
        var profile = new ProfileLoader(Path.of(""), Map.of()).load("local", Map.of());

        try (Telemetry telemetry = Telemetry.start("x", true, profile, Map.of(CONNECTION_STRING, "anything"))) {
            assertThat(telemetry.traces()).isSameAs(OpenTelemetry.noop());
            assertThat(telemetry.exported()).isEmpty();
        }
    }
}

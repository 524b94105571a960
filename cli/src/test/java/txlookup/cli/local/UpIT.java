package txlookup.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.cli.service.MetricCatalogue;

/** What {@code txlookup up} leaves running can be driven from outside with ordinary tools. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UpIT {
    private static final String EVENT = """
            {"tx_id":"%s","wallet_id":"w-1","entry_type":"PAYMENT","amount":"10000.00","event_time":"2026-02-05T01:00:00Z","version":1}""";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private LocalCommands commands;

    @BeforeEach
    void open() {
        commands = new LocalCommands(folder);
    }

    @AfterEach
    void down() throws Exception {
        commands.run("down.txt", "down", "--destroy", "--discard-audit");
    }

    @Test
    void whatIsPublishedIsSoonLookedUpAlsoAfterItWasDownAndUpAgain() throws Exception {
        assertThat(commands.run("up.txt", "up")).as(commands.output("up.txt")).isZero();
        List<Long> millis = publishAndLookUp("before", 60);
        assertThat(commands.runHere("smoke.txt", "smoke", "--tx", "before-7"))
                .as(commands.output("smoke.txt"))
                .isZero();
        assertThat(commands.runHere("status.txt", "status")).isZero();
        assertThat(commands.output("status.txt")).contains("postgres", "kafka", "consumer", "api");
        assertThat(commands.runHere("list.txt", "generation", "list")).isZero();
        assertThat(commands.output("list.txt")).contains("ACTIVE").contains("bo-sync-local-local-v");

        assertTheCatalogueIsWhatIsExposed();

        workOffADeadLetter();

        assertStatusTellsWhatStandsStill();

        assertThat(commands.run("demo.txt", "demo", "--exit")).isEqualTo(5);
        assertThat(commands.output("demo.txt")).contains("which txlookup up made");

        assertThat(commands.run("stop.txt", "down")).isZero();
        assertThat(commands.runHere("nothing.txt", "status")).isEqualTo(1);
        assertThat(commands.run("again.txt", "up"))
                .as(commands.output("again.txt"))
                .isZero();
        assertThat(status("before-7")).isEqualTo(200);
        publishAndLookUp("after", 5);
        // For people: a figure is no test here, for other tests may use this machine's time.
        System.out.printf(
                "publish to visible, ms: p50 %d, p95 %d, max %d%n",
                millis.get(millis.size() / 2), millis.get(millis.size() * 95 / 100), millis.get(millis.size() - 1));
    }

    private void assertTheCatalogueIsWhatIsExposed() throws Exception {
        commands.run("gate.txt", "slo-gate", "--canary", "--duration", "2s", "--format", "openmetrics");
        String gate = commands.output("gate.txt")
                .lines()
                .filter(line -> line.startsWith("#") || line.startsWith("txlookup_"))
                .collect(Collectors.joining("\n"));
        // Six or so, of two topics with two partitions, each seen through the API.
        assertThat(gate).containsPattern("txlookup_gate_sample\\{[^}]*\"freshness-canary\"[^}]*} [1-9]");
        assertThat(gate).doesNotContainPattern("\"canary-lost\"[^}]*verdict=\"(FAIL|NO_DATA)\"} 1");
        MetricCatalogue exposed = new MetricCatalogue()
                .add("api", metrics(LocalCommands.API_PORT))
                .add("consumer", metrics(LocalCommands.CONSUMER_PORT))
                .add("gate", gate);
        String catalogue = Files.readString(Path.of("..", "docs", "metrics.md"));

        assertThat(catalogue.lines().filter(line -> line.startsWith("| `")))
                .as("docs/metrics.md; these rows belong there:%n%s", String.join("\n", exposed.rows()))
                .containsExactlyElementsOf(exposed.rows());
        assertThat(exposed.families())
                .allSatisfy(family -> assertThat(catalogue).contains("`" + family + "_*`"));
    }

    private String metrics(int port) throws Exception {
        URI address = URI.create("http://127.0.0.1:%d/metrics".formatted(port));
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void assertStatusTellsWhatStandsStill() throws Exception {
        String generation = serving();
        execute("UPDATE coverage SET stopped_at = now(), stopped_reason = 'offsets 3 to 8 are gone'"
                + " WHERE name = 'payment.order.upserted' AND partition = 1");
        assertThat(commands.runHere("stopped.txt", "status")).isEqualTo(1);
        assertThat(commands.output("stopped.txt"))
                .contains("payment.order.upserted-1  STOPPED", "offsets 3 to 8 are gone", "api        running");
        execute("UPDATE coverage SET stopped_at = NULL, stopped_reason = NULL");

        Properties consumer = new Properties();
        try (Reader pidFile =
                Files.newBufferedReader(folder.resolve("data/run/consumer-%s.pid".formatted(generation)))) {
            consumer.load(pidFile);
        }
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(consumer.getProperty("pid"))).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
        String log = Files.readString(folder.resolve("data/logs/consumer-%s.log".formatted(generation)));
        assertThat(commands.runHere("gone.txt", "status")).isEqualTo(1);
        assertThat(commands.output("gone.txt"))
                .containsPattern("consumer-\\d{14} DOWN     its log .*consumer-\\d{14}.log ends with: .+")
                .contains(log.lines()
                        .filter(line -> !line.isBlank())
                        .reduce((a, b) -> b)
                        .orElseThrow()
                        .strip())
                .contains("txlookup up starts it again", "postgres   running", "kafka      running");
        assertThat(commands.run("mended.txt", "up"))
                .as(commands.output("mended.txt"))
                .isZero();
        assertThat(commands.runHere("well.txt", "status"))
                .as(commands.output("well.txt"))
                .isZero();
    }

    private String serving() throws Exception {
        try (Connection connection = connect("bo");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT generation FROM bo.serving")) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = connect("g" + serving());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect(String schema) throws Exception {
        String password = Files.readString(folder.resolve("data/secrets/TXLOOKUP_DATABASE_PASSWORD"))
                .strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:25432/txlookup?currentSchema=" + schema, "txlookup", password);
    }

    private void workOffADeadLetter() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>("ledger.entry.upserted", "bad", "{bad"))
                    .get();
        }
        while (!dlq("list").contains("1  OPEN")) {
            Thread.sleep(100);
        }
        assertThat(dlq("show", "1")).contains("parse_error", "key          bad", "value        {bad");
        assertThat(dlq("replay", "--dry-run"))
                .contains("0 would be resolved, 0 superseded, 1 refused still {parse_error=1}");
        assertThat(dlq("replay", "--reason", "tombstone"))
                .contains("Run 2: all that are open and match", "0 are resolved");
        assertThat(dlq("discard", "--note", "no use")).contains("Missing: which ones");
        assertThat(dlq("discard", "1", "--note", "no use", "--actor", "ann")).contains("1 discarded");
        assertThat(dlq("list")).doesNotContain("1  OPEN");
        assertThat(dlq("runs")).contains("DISCARD by ann: 0 resolved, 0 superseded, 0 refused, 1 discarded; ended");
    }

    private String dlq(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("dlq"));
        command.addAll(List.of(arguments));
        commands.runHere("dlq.txt", command.toArray(String[]::new));
        return commands.output("dlq.txt");
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + LocalCommands.KAFKA_PORT),
                new StringSerializer(),
                new StringSerializer());
    }

    private List<Long> publishAndLookUp(String prefix, int events) throws Exception {
        List<Long> millis = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer()) {
            for (int i = 0; i < events; i++) {
                String txId = prefix + "-" + i;
                long started = System.nanoTime();
                producer.send(new ProducerRecord<>("ledger.entry.upserted", txId, EVENT.formatted(txId)))
                        .get();
                while (status(txId) != 200) {
                    Thread.sleep(2);
                }
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
            }
        }
        millis.sort(null);
        return millis;
    }

    private int status(String txId) throws Exception {
        URI address = URI.create("http://127.0.0.1:%d/admin/tx/%s".formatted(LocalCommands.API_PORT, txId));
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}

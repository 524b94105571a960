package txlookup.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.StoreStats;
import txlookup.cli.gate.WideObjectives;
import txlookup.cli.options.ExitCode;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.local.kafka.EventHubsProxy;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.local.testing.TestKafka;
import txlookup.migrations.Migrations;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;
import txlookup.traffic.Publisher;
import txlookup.traffic.Scenario;

/** Behind Event Hubs that resets the newer handshake, the image's launcher runs the consumer on the older Kafka client. */
@Tag("nightly")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class OlderClientIT {
    private static final long GENERATION = 20260205010000L;
    private static final String OLDER = "3.8.1";
    private static final String SWITCHED = "starting the older one";

    @TempDir
    private Path folder;

    private final String ledger = SharedKafka.newTopicName("ledger");
    private final String orders = SharedKafka.newTopicName("orders");
    private final TestDatabase database = SharedPostgres.newDatabase();
    private EventHubsProxy eventHubs;
    private LocalKafka broker;
    private final List<Process> running = new ArrayList<>();
    private int port;
    private int apiPort;

    @BeforeEach
    void start() throws Exception {
        ImageLauncher.requireOlderClient();
        int brokers = freePort();
        port = freePort();
        apiPort = freePort();
        eventHubs = new EventHubsProxy(brokers);
        KafkaSettings usual = SharedKafka.settings(folder.resolve("kafka"));
        broker = LocalKafka.start(new KafkaSettings(
                usual.dataFolder(),
                usual.cacheFolder(),
                brokers,
                Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + eventHubs.port()),
                usual.logFile(),
                usual.deadline()));
        new TestKafka(brokers).createTopic(ledger, 2, Map.of());
        new TestKafka(brokers).createTopic(orders, 2, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        for (Process launcher : running) {
            // On the newer client the program is the launcher's child, and the older one takes the launcher's place.
            launcher.descendants().forEach(ProcessHandle::destroyForcibly);
            launcher.destroyForcibly().waitFor();
        }
        if (broker != null) {
            broker.kill();
            eventHubs.close();
        }
        SharedPostgres.drop(database);
    }

    @Test
    void aConsumerOnTheOlderClientAppliesWhatWasThereAndWhatComesAndEndsWhenItIsTold() throws Exception {
        try (HikariDataSource store = Served.open(database, GENERATION);
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", "127.0.0.1:" + eventHubs.port()),
                        new StringSerializer(),
                        new StringSerializer())) {
            anchor(store);
            publish(producer, 0, 200);
            // From here on only what is connected already, and the older client, get a word in.
            eventHubs.resetsNewApiVersions = true;
            eventHubs.emptyFetchesOneIn = 3;
            eventHubs.throttledCommitsOneIn = 2;
            Process consumer = start("consume", "--generation", Long.toString(GENERATION));
            StoreStats stored = new StoreStats(store);
            eventually(consumer, "consume", () -> consumed(stored) == 200);

            publish(producer, 200, 400);
            eventually(consumer, "consume", () -> consumed(stored) == 400);

            assertThat(stored.openDeadLetters()).isZero();
            assertThat(metrics()).contains("choice=\"older\"", "version=\"%s\"".formatted(OLDER));
            assertThat(said("consume")).containsOnlyOnce(SWITCHED);
            assertThat(eventHubs.interferedWith(ApiKeys.API_VERSIONS)).isPositive();
            consumer.destroy();
            assertThat(consumer.waitFor(60, TimeUnit.SECONDS))
                    .as(said("consume"))
                    .isTrue();

            Process verify = start("verify", "--coverage", "--generation", Long.toString(GENERATION));
            assertThat(verify.waitFor()).as(said("verify")).isEqualTo(ExitCode.DONE);
            assertThat(said("verify")).contains("PROVED: all that was published and extracted is accounted for");
        }
    }

    @Test
    void theGateJudgesOnTheOlderClientAndItsMarkersArrive() throws Exception {
        Map<Event.Kind, String> topics = Map.of(Event.Kind.LEDGER_ENTRY, ledger, Event.Kind.PAYMENT_ORDER, orders);
        Map<String, Object> here = Map.of("bootstrap.servers", "127.0.0.1:" + eventHubs.port());
        try (HikariDataSource store = Served.open(database, GENERATION);
                Publisher producers = new Publisher(here, topics, new Payments(7, Instant.now(), 0))) {
            anchor(store);
            long sent = producers.publish(Scenario.HAPPY, 0, 200, 0, count -> {}, () -> false);
            eventHubs.resetsNewApiVersions = true;
            Process consumer = start("consume", "--generation", Long.toString(GENERATION));
            Process api = start("serve");
            StoreStats stored = new StoreStats(store);
            eventually(consumer, "consume", () -> consumed(stored) == sent);
            Served.serve(store, GENERATION);
            eventually(api, "serve", () -> isReady(apiPort));

            int before = eventHubs.interferedWith(ApiKeys.API_VERSIONS);
            List<String> gate = new ArrayList<>(List.of("slo-gate", "--drive", "--canary", "--rate", "60"));
            gate.addAll(List.of("--duration", "10s", "--interval", "0.25s", "--warm-up", "1s"));
            gate.addAll(List.of(
                    "--slo", WideObjectives.write(folder.resolve("slo.yaml")).toString()));
            Process judging = start(gate.toArray(String[]::new));
            producers.publish(Scenario.HAPPY, 200, 20_000, 100, count -> {}, () -> !judging.isAlive());
            assertThat(judging.waitFor()).as(said("slo-gate")).isEqualTo(ExitCode.DONE);
            assertThat(said("slo-gate"))
                    .containsOnlyOnce(SWITCHED)
                    .contains("PASS     freshness-canary", "PASS     canary-lost", "PASS     headroom")
                    .contains("PASS     freshness-events", "PASS     coverage");
            assertThat(eventHubs.interferedWith(ApiKeys.API_VERSIONS)).isGreaterThan(before);
        }
    }

    private void anchor(HikariDataSource store) throws Exception {
        Migrations.toHead(store, GENERATION);
        GenerationRegistry registry = new GenerationRegistry(store);
        registry.plan(new Generation(
                GENERATION, "local", "local", "group-" + ledger, "canonical-v1", Instant.now(), State.PLANNED, null));
        try (CutoverOffsets offsets =
                new CutoverOffsets(Map.of("bootstrap.servers", "127.0.0.1:" + eventHubs.port()))) {
            registry.anchor(GENERATION, offsets.atEnd(List.of(ledger, orders)), Instant.now());
        }
        registry.moveTo(GENERATION, State.CATCHING_UP, null);
    }

    private void publish(KafkaProducer<String, String> producer, int from, int to) throws Exception {
        for (int n = from; n < to; n++) {
            producer.send(new ProducerRecord<>(ledger, n % 2, "tx-" + n, """
                    {"tx_id":"tx-%d","wallet_id":"w","entry_type":"PAYMENT","amount":"1.00",\
                    "event_time":"2026-02-05T01:00:00Z","version":1}""".formatted(n)))
                    .get();
        }
    }

    private static long consumed(StoreStats stored) throws Exception {
        return stored.stream().stream()
                .mapToLong(partition -> partition.counts().consumed())
                .sum();
    }

    private void eventually(Process process, String name, Callable<Boolean> holds) throws Exception {
        while (!holds.call()) {
            assertThat(process.isAlive()).as(said(name)).isTrue();
            Thread.sleep(50);
        }
    }

    private boolean isReady(int of) throws InterruptedException {
        try {
            return ask(of, "ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String metrics() throws IOException, InterruptedException {
        return ask(port, "metrics").body();
    }

    private static HttpResponse<String> ask(int port, String what) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:%d/%s".formatted(port, what));
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String said(String command) throws IOException {
        return Files.readString(folder.resolve(command + ".txt"), StandardCharsets.UTF_8);
    }

    private Process start(String... command) throws IOException {
        URI server = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        List<String> whole = new ArrayList<>(ImageLauncher.in(folder));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("local.dataFolder", folder.toString());
        settings.put("database.host", server.getHost());
        settings.put("database.port", Integer.toString(server.getPort()));
        settings.put("database.name", database.name());
        settings.put("database.user", database.user());
        settings.put("messaging.bootstrapServers", "127.0.0.1:" + eventHubs.port());
        settings.put("events.ledgerTopic", ledger);
        settings.put("events.paymentOrderTopic", orders);
        settings.put("consumer.port", Integer.toString(port));
        settings.put("api.port", Integer.toString(apiPort));
        settings.forEach((path, value) -> whole.addAll(List.of("--set", path + "=" + value)));
        whole.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().put("TXLOOKUP_DATABASE_PASSWORD", database.password());
        builder.environment().put("TXLOOKUP_CURSOR_SECRET", "of-a-test-cursor-0123456789abcdef");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0] + ".txt").toFile())
                .start();
        running.add(process);
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

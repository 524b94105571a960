package txlookup.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

/** Behind Event Hubs that resets the newer handshake, the image's launcher runs the consumer on the older Kafka client. */
@Tag("nightly")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class OlderClientIT {
    private static final long GENERATION = 20260205010000L;
    private static final String OLDER = "3.8.1";
    private static final Path JAR = Path.of("target", "kafka-older", "kafka-clients-%s.jar".formatted(OLDER));

    @TempDir
    private Path folder;

    private final String ledger = SharedKafka.newTopicName("ledger");
    private final String orders = SharedKafka.newTopicName("orders");
    private final TestDatabase database = SharedPostgres.newDatabase();
    private EventHubsProxy eventHubs;
    private LocalKafka broker;
    private Process running;
    private int port;

    @BeforeEach
    void start() throws Exception {
        if (!Files.exists(JAR)) {
            System.out.println("NOT TESTED: the older Kafka client, because nothing is packaged yet");
        }
        assumeTrue(Files.exists(JAR), "nothing is packaged yet");
        int brokers = freePort();
        port = freePort();
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
        if (running != null) {
            running.destroyForcibly().waitFor();
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
            running = start("consume", "--generation", Long.toString(GENERATION));
            StoreStats stored = new StoreStats(store);
            eventually("what was there is applied", () -> consumed(stored) == 200);

            publish(producer, 200, 400);
            eventually("what comes is applied", () -> consumed(stored) == 400);

            assertThat(stored.openDeadLetters()).isZero();
            assertThat(metrics()).contains("choice=\"older\"", "version=\"%s\"".formatted(OLDER));
            assertThat(said()).containsOnlyOnce("starting the older one");
            assertThat(eventHubs.interferedWith(ApiKeys.API_VERSIONS)).isPositive();
            running.destroy();
            assertThat(running.waitFor(60, TimeUnit.SECONDS)).as(said()).isTrue();

            running = start("verify", "--coverage", "--generation", Long.toString(GENERATION));
            assertThat(running.waitFor()).as(said()).isEqualTo(ExitCode.DONE);
            assertThat(said()).contains("PROVED: all that was published and extracted is accounted for");
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

    private void eventually(String what, Callable<Boolean> holds) throws Exception {
        while (!holds.call()) {
            assertThat(running.isAlive()).as(what + "\n" + said()).isTrue();
            Thread.sleep(50);
        }
    }

    private String metrics() throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:%d/metrics".formatted(port));
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said.txt"), StandardCharsets.UTF_8);
    }

    /** The image's own launcher; for the layers of an image that it names stands this build's class path. */
    private Process start(String... command) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        Path launcher = Path.of("src", "main", "image", "app", "txlookup").toAbsolutePath();
        Path bin = Files.createDirectories(folder.resolve("bin"));
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        executable(app.resolve("txlookup"), Files.readString(launcher));
        executable(bin.resolve("java"), """
                #!/bin/bash
                arguments=()
                for one in "$@"; do
                  case "$one" in
                    */kafka-older/*) one='%1$s:%2$s' ;;
                    */classpath/*) one='%2$s' ;;
                    -Djava.io.tmpdir=*) one=-Djava.io.tmpdir=%3$s ;;
                  esac
                  arguments+=("$one")
                done
                exec '%4$s' -Xmx256m "${arguments[@]}"
                """.formatted(
                JAR.toAbsolutePath(), classes, folder, Path.of(System.getProperty("java.home"), "bin", "java")));
        URI server = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        List<String> whole = new ArrayList<>(List.of(app.resolve("txlookup").toString()));
        Map.of(
                        "local.dataFolder", folder.toString(),
                        "database.host", server.getHost(),
                        "database.port", Integer.toString(server.getPort()),
                        "database.name", database.name(),
                        "database.user", database.user(),
                        "messaging.bootstrapServers", "127.0.0.1:" + eventHubs.port(),
                        "events.ledgerTopic", ledger,
                        "events.paymentOrderTopic", orders,
                        "consumer.port", Integer.toString(port))
                .forEach((path, value) -> whole.addAll(List.of("--set", path + "=" + value)));
        whole.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().put("TXLOOKUP_DATABASE_PASSWORD", database.password());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile())
                .start();
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

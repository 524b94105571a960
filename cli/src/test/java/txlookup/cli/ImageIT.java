package txlookup.cli;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.StoreStats;
import txlookup.cli.service.Served;
import txlookup.local.kafka.EventHubsProxy;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.traffic.Event;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;
import txlookup.traffic.Publisher;
import txlookup.traffic.Scenario;

/**
 * The image as {@code mvn -Pimage package} writes it, unpacked and run without an engine: its entry point, from its own
 * layers, as nobody in particular, on a root that nobody can write to. Its base here is made of Debian's packages; the
 * real one, by digest, is not tried.
 */
@Tag("nightly")
@Timeout(900)
class ImageIT {
    private static final long GENERATION = 20260205010000L;
    private static final String NUMBER = Long.toString(GENERATION);
    private static final int PAYMENTS = 500;

    @TempDir
    private static Path folder;

    private static UnpackedImage image;

    @BeforeAll
    static void buildAndUnpack() throws Exception {
        image = UnpackedImage.make(folder);
    }

    @AfterAll
    static void letTheFolderBeDeleted() throws Exception {
        if (image != null) {
            image.unlock();
        }
    }

    @Test
    void theSameSourcesMakeTheSameImage() throws Exception {
        assertThat(image.digest()).matches("sha256:[0-9a-f]{64}");
        assertThat(image.again()).isEqualTo(image.digest());
    }

    @Test
    void itSaysWhatItIsAndRunsAsNobodyInParticular() {
        JsonNode container = image.config().path("config");
        assertThat(container.path("User").asString()).isEqualTo("10001:10001");
        assertThat(container.path("WorkingDir").asString()).isEqualTo("/data");
        assertThat(container.path("Labels").propertyNames())
                .contains(
                        "org.opencontainers.image.title",
                        "org.opencontainers.image.revision",
                        "org.opencontainers.image.base.name");
        assertThat(image.root().resolve("app/txlookup-bom.json")).exists();
        assertThat(image.root().resolve("app/kafka-older/kafka-clients-3.8.1.jar"))
                .exists();
        assertThat(image.root().resolve("app/libs")).isDirectoryContaining("glob:**/kafka-clients-4*.jar");
    }

    @Test
    void nobodyInParticularCanChangeWhatRuns() throws Exception {
        assertThat(UnpackedImage.run(
                        folder, "find", image.root().resolve("app").toString(), "-perm", "/022", "-not", "-type", "l"))
                .isEqualTo("exit 0");
    }

    @Test
    void theEntryPointRunsOnARootThatNobodyCanWriteTo() throws Exception {
        String shown = image.run(List.of("--help"));
        assertThat(shown)
                .startsWith("exit 0")
                .contains("Usage: txlookup", "  serve ")
                .doesNotContain("  demo ");
        assertThat(image.run(List.of("status"))).startsWith("exit 4");
    }

    @Test
    void itServesFromItsOwnLayersAndEndsWhenItIsTold() throws Exception {
        int port = freePort();
        List<String> serving = new ArrayList<>(
                List.of("--profile", "cloud-test", "--owner", "kim", "--env", "dev", "--set", "naming.ttl=2099-12-31"));
        serving.addAll(List.of("--set", "telemetry.exporter=none"));
        serving.addAll(
                List.of("--set", "api.auth.issuer=https://issuer.example", "--set", "api.auth.audience=txlookup"));
        serving.addAll(List.of("--set", "api.port=" + port, "--set", "api.bindAddress=127.0.0.1", "serve"));
        Path log = folder.resolve("serve.log");
        ProcessBuilder builder = new ProcessBuilder(image.command(serving))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("TXLOOKUP_DATABASE_PASSWORD", "of-a-test-database");
        builder.environment().put("TXLOOKUP_CURSOR_SECRET", "of-a-test-cursor-0123456789abcdef");
        builder.environment().put("TXLOOKUP_GIT_SHA", "0123456789abcdef0123456789abcdef01234567");
        Process serve = builder.start();
        try {
            assertThat(ask(port, "health", serve)).as(Files.readString(log)).contains("alive");
        } finally {
            serve.destroy();
            assertThat(serve.waitFor(30, TimeUnit.SECONDS))
                    .as("ends when it is told to")
                    .isTrue();
        }
        assertThat(Files.readString(log)).doesNotContain("Read-only file system");
    }

    /** Each as a container of its own, on an empty disk; the second consumer meets a broker that resets the newer handshake. */
    @Test
    void itMigratesLoadsAndConsumesFromItsOwnLayersWithEitherKafkaClient() throws Exception {
        Path extract = Files.createDirectories(folder.resolve("extract"));
        Payments payments = new Payments(1, Instant.now(), PAYMENTS);
        Extract.write(payments, 0, PAYMENTS, extract, true, Instant.now());
        Map<Event.Kind, String> topics = Map.of(
                Event.Kind.LEDGER_ENTRY, SharedKafka.newTopicName("ledger"),
                Event.Kind.PAYMENT_ORDER, SharedKafka.newTopicName("orders"));
        topics.values().forEach(topic -> SharedKafka.broker().createTopic(topic, 2, Map.of()));
        TestDatabase database = SharedPostgres.newDatabase();
        try (EventHubsProxy eventHubs = new EventHubsProxy(SharedKafka.broker().port());
                HikariDataSource store = Served.open(database, GENERATION);
                Publisher producers =
                        new Publisher(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()), topics, payments)) {
            int port = freePort();
            ImageAtWork work = new ImageAtWork(image, database, topics, eventHubs.port(), port, extract);
            assertThat(work.toItsEnd("migrate")).startsWith("exit 0");
            assertThat(work.toItsEnd("backfill", "--generation", NUMBER))
                    .startsWith("exit 0")
                    .contains("Loaded in");
            StoreStats stored = new StoreStats(store);
            assertThat(stored.paymentOrders().rows()).isEqualTo(PAYMENTS);
            // As a rebuild does once its load is done.
            new GenerationRegistry(store).moveTo(GENERATION, State.CATCHING_UP, null);

            long published = 0;
            for (String client : List.of("newer", "older")) {
                eventHubs.resetsNewApiVersions = client.equals("older");
                published += producers.publish(
                        Scenario.HAPPY, PAYMENTS + published, PAYMENTS + published + 50, 0, sent -> {}, () -> false);
                Process consumer = work.start("consume", "--generation", NUMBER);
                try {
                    work.await(consumer, published, stored);
                    assertThat(ask(port, "metrics", consumer)).contains("choice=\"%s\"".formatted(client));
                    assertThat(work.confined(consumer)).isPositive();
                } finally {
                    consumer.destroy();
                    assertThat(consumer.waitFor(60, TimeUnit.SECONDS))
                            .as(work.said())
                            .isTrue();
                }
                assertThat(work.said()).doesNotContain("Read-only file system");
            }
            assertThat(stored.openDeadLetters()).isZero();
            assertThat(work.toItsEnd("verify", "--coverage", "--generation", NUMBER))
                    .startsWith("exit 0")
                    .contains("PROVED: all that was published and extracted is accounted for");
        } finally {
            SharedPostgres.drop(database);
        }
    }

    /** A broker that resets the newer handshake and answers the older one is met by the launcher, once and aloud. */
    @Test
    void theLauncherStartsTheOlderKafkaClientWhereTheProgramEndsWithThatReason() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path java = bin.resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                echo "java $*"
                case "$*" in *txlookup.kafka=newer*) exit 6 ;; esac
                cat
                exit 3
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder(
                        image.root().resolve("app/txlookup").toString(), "consume")
                .redirectErrorStream(true);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        Process process = builder.start();
        process.getOutputStream().write("read by the second\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(output)
                .containsOnlyOnce("starting the older one")
                .containsPattern("txlookup.kafka=older -cp \\S*/kafka-older/\\*:\\S*/classpath")
                .contains("read by the second");
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static String ask(int port, String what, Process serve) throws InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/%s".formatted(port, what)))
                .build();
        for (int tries = 0; tries < 600 && serve.isAlive(); tries++) {
            try {
                return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        return "no answer";
    }
}

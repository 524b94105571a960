package txlookup.consumer.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;
import txlookup.local.kafka.EventHubsProxy;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.TestKafka;

/** The consumer lives with what Event Hubs does to its clients, or says what to change. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@Tag("nightly")
class EventHubsShapeIT {
    private static final String CONSUMED = "SELECT sum(consumed) FROM coverage";

    @TempDir
    static Path folder;

    private static LocalKafka broker;
    private static EventHubsProxy proxy;

    private ConsumerFixture fixture;

    @BeforeAll
    static void startBehindTheProxy() throws Exception {
        int port = freePort();
        proxy = new EventHubsProxy(port);
        KafkaSettings usual = SharedKafka.settings(folder.resolve("kafka"));
        broker = LocalKafka.start(new KafkaSettings(
                usual.dataFolder(),
                usual.cacheFolder(),
                port,
                Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + proxy.port()),
                usual.logFile(),
                usual.deadline()));
    }

    @AfterAll
    static void stop() throws Exception {
        if (broker != null) {
            broker.kill();
        }
        proxy.close();
    }

    @BeforeEach
    void open() throws Exception {
        fixture = new ConsumerFixture(
                ConsumerFixture.migrated(), new TestKafka(broker.port()), "127.0.0.1:" + proxy.port());
        proxy.interfered.clear();
    }

    @AfterEach
    void close() {
        proxy.resetsNewApiVersions = false;
        proxy.idleLimit = Duration.ofMinutes(4);
        proxy.emptyFetchesOneIn = 0;
        proxy.throttledCommitsOneIn = 0;
        proxy.forgetsOffsets = false;
        fixture.close();
    }

    @Test
    void consumesWithTheVersionsThatTheServiceAdvertisesAndKnowsNoTopicIds() throws Exception {
        consumeAll();

        assertThat(fixture.one("SELECT count(topic_id) FROM coverage"))
                .as("Metadata up to version 5 has none")
                .isEqualTo("0");
    }

    @Test
    void emptyAnswersToThrottledFetchesAreNotTheEndOfTheLog() throws Exception {
        proxy.emptyFetchesOneIn = 2;

        consumeAll();

        assertThat(proxy.interferedWith(ApiKeys.FETCH)).isGreaterThan(2);
    }

    @Test
    void refusedCommitsAndForgottenOffsetsLoseNothingAndRepeatNothing() throws Exception {
        proxy.throttledCommitsOneIn = 1;
        proxy.forgetsOffsets = true;
        RunningConsumer first = consumeAll();
        first.stop();

        fixture.start();
        fixture.publishEntries(200, 300);

        eventually("all applied", () -> "300".equals(fixture.one(CONSUMED)));
        assertThat(fixture.one("SELECT sum(applied) FROM coverage")).isEqualTo("300");
        assertThat(proxy.interferedWith(ApiKeys.OFFSET_COMMIT)).isPositive();
    }

    @Test
    void idleConnectionsThatAreDroppedAreMadeAgain() throws Exception {
        proxy.idleLimit = Duration.ofMillis(1_500); // Azure's four minutes, scaled
        consumeAll();
        Thread.sleep(4_000);

        fixture.publishEntries(200, 300);

        eventually("all applied", () -> "300".equals(fixture.one(CONSUMED)));
    }

    @Test
    void aBrokerThatClosesNewHandshakesIsNamedWithWhatToChange() {
        proxy.resetsNewApiVersions = true;

        if (ApiKeys.API_VERSIONS.latestVersion() < 4) {
            KafkaClients.requireHandshake(fixture.settings()); // an older client is not concerned
        } else {
            assertThatExceptionOfType(OlderClientWantedException.class)
                    .isThrownBy(() -> KafkaClients.requireHandshake(fixture.settings()))
                    .withMessageContainingAll(
                            "127.0.0.1:" + proxy.port(),
                            "closes connections that open with ApiVersions",
                            "TXLOOKUP_KAFKA_CLIENT=older");
        }
    }

    @Test
    void aConnectionThatBreaksIsNotMistakenForOneThatIsClosed() throws Exception {
        try (EventHubsProxy network = new EventHubsProxy(proxy.port())) {
            network.broken.set(1);

            KafkaClients.requireHandshake(ConsumerFixture.settings("127.0.0.1:" + network.port(), "ledger", "orders"));

            assertThat(network.broken).hasValue(0);
        }
    }

    @Test
    void aBrokerThatIsAwayIsNotMistakenForOne() throws Exception {
        int nobody = freePort();

        KafkaClients.requireHandshake(ConsumerFixture.settings("127.0.0.1:" + nobody, "ledger", "orders"));
    }

    private RunningConsumer consumeAll() throws Exception {
        RunningConsumer consumer = fixture.start();
        fixture.publishEntries(0, 200);
        eventually("all applied", () -> "200".equals(fixture.one(CONSUMED)));
        assertThat(fixture.one("SELECT count(*) FROM ledger_entry")).isEqualTo("200");
        return consumer;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

package txlookup.gate.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.canary.ApiMarkers;
import txlookup.gate.observe.canary.CanaryMarkers;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.LogOffsets;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;
import txlookup.profiles.naming.Names;
import txlookup.profiles.naming.Naming;

/** What a gate published stays in the log, and the next generation reads it, also where the judged one is gone. */
@Timeout(120)
class MarkersInTheLogIT {
    private static final long DEAD = 20260205010000L;
    private static final long NEXT = 20260205020000L;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, Object> BROKER = Map.of("bootstrap.servers", SharedKafka.bootstrapServers());

    private final Names names = new Names(new Naming("team4", "txlookup", "tx", "kim", "dev", "d", Optional.empty()));
    private final String ledger = SharedKafka.newTopicName("ledger");
    private final String orders = SharedKafka.newTopicName("orders");

    @Test
    void markersOfAGenerationThatIsGoneAreNoDeadLettersOfTheNext() throws Exception {
        SharedKafka.broker().createTopic(ledger, 1, Map.of());
        SharedKafka.broker().createTopic(orders, 1, Map.of());
        TestDatabase database = SharedPostgres.newDatabase();
        try (HikariDataSource store = pool(database)) {
            anchor(store);
            long markers = judgeTheOneThatIsGone();
            ConsumerProcess consumer = new ConsumerProcess(
                    settings(),
                    EventProfiles.load("canonical-v1"),
                    pool(database),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread consuming = new Thread(consumer::run, "consumer");
            consuming.start();
            try {
                LiveEnvironment.eventually(
                        "all is applied",
                        () -> number(store, "SELECT sum(next_position - start_position) FROM coverage") == markers);
            } finally {
                consumer.close();
                consuming.join(PATIENCE.toMillis());
            }
            assertThat(number(store, "SELECT count(*) FROM dead_letter")).isZero();
            assertThat(number(store, "SELECT sum(markers) FROM coverage")).isEqualTo(markers);
        }
    }

    private void anchor(HikariDataSource store) throws Exception {
        Migrations.toHead(store, NEXT);
        GenerationRegistry registry = new GenerationRegistry(store);
        registry.plan(new Generation(
                NEXT, "dev", "kim", names.canary() + "-v" + NEXT, "canonical-v1", Instant.now(), State.PLANNED, null));
        try (CutoverOffsets offsets = new CutoverOffsets(BROKER)) {
            registry.anchor(NEXT, offsets.atEnd(List.of(ledger, orders)), Instant.now());
        }
        registry.moveTo(NEXT, State.CATCHING_UP, null);
    }

    /** @return how many markers its gate published */
    private long judgeTheOneThatIsGone() throws Exception {
        CanaryMarkers canary = new CanaryMarkers(
                BROKER,
                List.of(ledger, orders),
                new ApiMarkers(
                        URI.create("http://127.0.0.1:1"), new ServiceHttp(Optional::empty), DEAD, names.canary()),
                Duration.ofMillis(100),
                Duration.ofSeconds(1));
        Recorder recorder = new Recorder(
                new Observation.Environment("test", DEAD, List.of(ledger, orders)), SloFile.shipped(), Instant.now());
        canary.begin(recorder);
        try (LogOffsets offsets = new LogOffsets(BROKER, List.of(ledger, orders))) {
            LiveEnvironment.eventually("markers are published", () -> published(offsets) >= 6);
            canary.end(recorder);
            canary.close();
            return published(offsets);
        }
    }

    private static long published(LogOffsets offsets) {
        return offsets.ends(offsets.logs()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private SubscriptionSettings settings() {
        return new SubscriptionSettings(
                NEXT,
                names.canary() + "-v" + NEXT,
                names.canary(),
                Map.of(ledger, Entity.LEDGER_ENTRY, orders, Entity.PAYMENT_ORDER),
                Map.of(
                        "bootstrap.servers", SharedKafka.bootstrapServers(),
                        "auto.offset.reset", "none",
                        "enable.auto.commit", "false",
                        "group.protocol", "classic"),
                "test",
                500,
                1 << 20,
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofHours(1),
                1,
                3);
    }

    private static HikariDataSource pool(TestDatabase database) {
        return StoreConnections.generation(
                NEXT, database.jdbcUrl(), database.user(), database.password(), 4, PATIENCE, PATIENCE);
    }

    private static long number(HikariDataSource store, String sql) throws SQLException {
        try (Connection connection = store.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}

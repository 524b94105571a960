package txlookup.rebuild.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.rebuild.FakePlatform;
import txlookup.rebuild.platform.FailureCause;

/** Far below the minute that a wait for records which do not move may take. */
@Timeout(value = 40, unit = TimeUnit.SECONDS)
class CatchUpIT {
    private static final long NUMBER = 20261121010733L;
    private static final Generation GENERATION = new Generation(
            NUMBER, "test", "kim", "group", "canonical-v1", Instant.parse("2026-11-21T01:07:33Z"), State.PLANNED, null);

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final String topic = SharedKafka.newTopicName("ledger");
    private HikariDataSource store;

    @BeforeEach
    void anchorBeforeTwoRecords() throws Exception {
        SharedKafka.broker().createTopic(topic, 1, Map.of());
        store = StoreConnections.generation(
                NUMBER,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
        Migrations.toHead(store, NUMBER);
        GenerationRegistry registry = new GenerationRegistry(store);
        registry.plan(GENERATION);
        registry.anchor(NUMBER, List.of(new PartitionAnchor(topic, 0, null, 0)), GENERATION.cutover());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(broker(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "{}")).get();
            producer.send(new ProducerRecord<>(topic, "{}")).get();
        }
    }

    @AfterEach
    void close() {
        store.close();
        SharedPostgres.drop(database);
    }

    @Test
    void aStoppedPartitionEndsTheWaitWithItsReason() throws Exception {
        execute("UPDATE coverage SET stopped_at = now(), stopped_reason = 'offsets 0 to 1 are gone'");

        assertThatThrownBy(this::await).isInstanceOfSatisfying(StepFailure.class, stopped -> {
            assertThat(stopped.failureCause()).isEqualTo(FailureCause.SYNC_FAILED);
            assertThat(stopped).hasMessageContaining(topic + "-0: offsets 0 to 1 are gone");
        });
    }

    @Test
    void whatIsAppliedToTheEndsIsCaughtUp() throws Exception {
        execute("UPDATE coverage SET next_position = 2, consumed = 2, applied = 2");

        assertThat(await()).isEqualTo(2);
    }

    private long await() throws SQLException, InterruptedException {
        FakePlatform platform = new FakePlatform() {
            @Override
            public HikariDataSource store(long generation) {
                return store;
            }

            @Override
            public Map<String, Object> brokerSettings() {
                return broker();
            }

            @Override
            public void requireConsumers(Generation generation) {
                // None is needed where the coverage says all.
            }
        };
        return new CatchUp(platform).await(GENERATION, List.of(topic));
    }

    private static Map<String, Object> broker() {
        return new HashMap<>(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = store.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }
}

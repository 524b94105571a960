package txlookup.gate.observe.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.gate.evaluate.Evaluation;
import txlookup.gate.evaluate.Verdict;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.GateRun;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/** The log beside the store, of which neither stands still. */
@Timeout(60)
class LogReadingsIT {
    private static final long GENERATION = 20260205010000L;
    private static final Map<String, Object> BROKER = Map.of("bootstrap.servers", SharedKafka.bootstrapServers());

    private final String topic = SharedKafka.newTopicName("entries");

    @Test
    void whatIsAppliedWhileTheLogsEndsAreAskedForIsNoOtherLog() throws Exception {
        SharedKafka.broker().createTopic(topic, 1, Map.of());
        TestDatabase database = SharedPostgres.newDatabase();
        try (HikariDataSource store = StoreConnections.generation(
                        GENERATION,
                        database.jdbcUrl(),
                        database.user(),
                        database.password(),
                        2,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(BROKER, new ByteArraySerializer(), new ByteArraySerializer())) {
            anchor(store);
            DataSource flowing = eachConnectionAfter(store, () -> {
                producer.send(new ProducerRecord<>(topic, 0, null, new byte[] {'x'}))
                        .get();
                try (Connection connection = store.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute(
                            "UPDATE coverage SET next_position = next_position + 1, consumed = consumed + 1, applied = applied + 1");
                    connection.commit();
                }
            });
            try (LogReadings log = new LogReadings(
                    new LogOffsets(BROKER, List.of(topic)),
                    new StoreQueries(flowing),
                    GENERATION,
                    Duration.ofDays(3))) {
                Observation seen = new GateRun(
                                new Observation.Environment("test", GENERATION, List.of(topic)),
                                SloFile.shipped(),
                                List.of(log))
                        .observe(Duration.ofMillis(10), Duration.ofMillis(10), left -> {});

                assertThat(Evaluation.of(seen, SloFile.shipped()).findings())
                        .filteredOn(finding -> finding.objective().equals("coverage"))
                        .singleElement()
                        .satisfies(finding -> assertThat(finding.verdict())
                                .as(finding.reason())
                                .isEqualTo(Verdict.PASS));
            }
        }
    }

    private void anchor(HikariDataSource store) throws Exception {
        Migrations.toHead(store, GENERATION);
        GenerationRegistry registry = new GenerationRegistry(store);
        registry.plan(new Generation(
                GENERATION,
                "test",
                "kim",
                "bo-sync-test-kim-" + topic,
                "canonical-v1",
                Instant.now(),
                State.PLANNED,
                null));
        try (CutoverOffsets offsets = new CutoverOffsets(BROKER)) {
            registry.anchor(GENERATION, offsets.atEnd(List.of(topic)), Instant.now());
        }
    }

    private interface Meanwhile {
        void happen() throws Exception;
    }

    private static DataSource eachConnectionAfter(DataSource store, Meanwhile meanwhile) {
        return (DataSource) Proxy.newProxyInstance(
                LogReadingsIT.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        meanwhile.happen();
                    }
                    return method.invoke(store, arguments);
                });
    }
}

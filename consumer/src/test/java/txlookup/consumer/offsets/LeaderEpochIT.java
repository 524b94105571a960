package txlookup.consumer.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.TestKafka;

/** A log that was cut below the position, and then grew past it under another leader, is not read on. */
@Tag("nightly")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LeaderEpochIT {
    private static final String CONSUMED = "SELECT sum(consumed) FROM coverage";

    @TempDir
    private Path folder;

    private LocalKafka broker;
    private ConsumerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        broker = LocalKafka.start(SharedKafka.settings(folder.resolve("kafka")));
        fixture = new ConsumerFixture(
                ConsumerFixture.migrated(), new TestKafka(broker.port()), broker.bootstrapServers());
    }

    @AfterEach
    void stop() {
        fixture.close();
        broker.kill();
    }

    @Test
    void aLogThatWasCutAndGrewAgainStopsItsPartitionAlone() throws Exception {
        RunningConsumer first = fixture.start();
        fixture.publishEntries(0, 20);
        eventually("applied", () -> "20".equals(fixture.one(CONSUMED)));
        first.stop();
        String epochOfTheFirstLeader = epoch();
        broker.restart();
        fixture.publishEntries(20, 60);
        // As if 5 records more had been read of the first leader, which its successor never had.
        fixture.execute(
                "UPDATE coverage SET next_position = 15 WHERE partition = 0 AND name = '" + fixture.ledger + "'");

        fixture.start();

        assertThat(fixture.awaitStop(fixture.ledger, 0))
                .contains(
                        fixture.ledger + "-0: offset 15 is wanted, but the log was cut at 10", "under another leader");
        assertThat(epochOfTheFirstLeader).isNotNull();
        eventually("the other partition goes on", () -> "30"
                .equals(fixture.one(
                        "SELECT next_position FROM coverage WHERE partition = 1 AND name = '" + fixture.ledger + "'")));
    }

    @Test
    void newLeadersOfAWholeLogAreNoGapNotEvenBehindTheMarkersOfTransactions() throws Exception {
        RunningConsumer consumer = fixture.start();
        fixture.publishEntries(0, 20);
        eventually("applied", () -> "20".equals(fixture.one(CONSUMED)));
        for (int restart = 1; restart <= 2; restart++) {
            int round = restart;
            consumer.stop();
            broker.restart();
            abortATransaction();
            consumer = fixture.start();
            RunningConsumer running = consumer;
            eventually("ready", () -> running.notReady().isEmpty());
            fixture.publishEntries(20 * round, 20 * round + 20);
            String all = Integer.toString(20 * round + 20);
            eventually("applied", () -> all.equals(fixture.one(CONSUMED)));
            // Leaves positions behind a marker that this leader wrote.
            abortATransaction();
            eventually("passed", () -> fixture.one("SELECT max(next_position) FROM coverage")
                    .equals(Integer.toString(10 * round + 10 + 4 * round)));
        }
        assertThat(fixture.one("SELECT count(stopped_at) FROM coverage")).isEqualTo("0");
    }

    private String epoch() throws Exception {
        return fixture.one("SELECT leader_epoch FROM coverage WHERE partition = 0 AND name = '" + fixture.ledger + "'");
    }

    /** One record and one marker in each partition of the ledger, of which nothing is to be read. */
    private void abortATransaction() throws Exception {
        Map<String, Object> settings = fixture.broker();
        settings.put("transactional.id", "aborts");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int partition = 0; partition < 2; partition++) {
                producer.send(new ProducerRecord<>(fixture.ledger, partition, "none", "none"))
                        .get();
            }
            producer.abortTransaction();
        }
    }
}

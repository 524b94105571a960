package txlookup.consumer.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.KillableConsumer;
import txlookup.local.testing.SharedKafka;

/** A hundred partitions catch up at once, with more in their logs than the heap holds. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SmallHeapIT {
    private static final int PARTITIONS = 100;
    private static final int RECORDS_EACH = 100;
    private static final int BYTES_EACH = 10_000;
    private static final String CONSUMED = "SELECT sum(consumed) FROM coverage";

    @TempDir
    private Path folder;

    @Test
    @Tag("nightly")
    void noMoreIsPolledThanTheHeapHolds() throws Exception {
        try (ConsumerFixture fixture = new ConsumerFixture()) {
            publish(fixture);
            Path log = folder.resolve("consumer.log");
            Process consumer = KillableConsumer.start(
                    fixture,
                    log,
                    List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
                    PARTITIONS + 2);
            try {
                String all = Integer.toString(PARTITIONS * RECORDS_EACH);
                // 100 MB in a small heap: how long that takes is not what this is about.
                eventually(
                        Duration.ofMinutes(4),
                        "all applied, or ended",
                        () -> all.equals(fixture.one(CONSUMED)) || !consumer.isAlive());
                assertThat(consumer.isAlive())
                        .as("log %s", Files.readString(log))
                        .isTrue();
                assertThat(fixture.one("SELECT count(*) FROM ledger_entry")).isEqualTo(all);
            } finally {
                consumer.destroyForcibly().waitFor();
            }
        }
    }

    private static void publish(ConsumerFixture fixture) throws Exception {
        try (Admin admin = Admin.create(fixture.broker())) {
            admin.createPartitions(Map.of(fixture.ledger, NewPartitions.increaseTo(PARTITIONS)))
                    .all()
                    .get();
        }
        SharedKafka.broker().createTopic(fixture.ledger, PARTITIONS, Map.of()); // is there: waits for its leaders
        String padding = ",\"pad\":\"" + "x".repeat(BYTES_EACH) + "\"}";
        Map<String, Object> settings = fixture.broker();
        settings.put("batch.size", 500_000);
        settings.put("linger.ms", 50);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < PARTITIONS * RECORDS_EACH; i++) {
                // One partition after the other: full batches.
                String value = entry("tx-" + i, "PAYMENT", "po-" + i, 1);
                var unused = producer.send(new ProducerRecord<>(
                        fixture.ledger, i / RECORDS_EACH, "tx", value.substring(0, value.length() - 1) + padding));
            }
            producer.flush();
        }
    }
}

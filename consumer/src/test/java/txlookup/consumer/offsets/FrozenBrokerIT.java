package txlookup.consumer.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;
import txlookup.consumer.telemetry.ConsumerMetrics;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.TestKafka;

/** Of two brokers one hangs: its partitions are not called fresh, the other's are. */
@Tag("nightly")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class FrozenBrokerIT {
    @TempDir
    private Path folder;

    @Test
    void onlyThePartitionsWhoseLeaderAnswersAreCaughtUp() throws Exception {
        KafkaSettings settings = SharedKafka.settings(folder.resolve("first"));
        try (LocalKafka first = LocalKafka.start(settings)) {
            LocalKafka second = first.startAnother(SharedKafka.settings(folder.resolve("second")), 2);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", first.bootstrapServers()))) {
                eventually(
                        "both brokers",
                        () -> admin.describeCluster().nodes().get().size() == 2);
                // The group's coordinator must not be the one that hangs.
                create(admin, "__consumer_offsets", Map.of(0, List.of(1)));
                String ledger = SharedKafka.newTopicName("ledger");
                create(admin, ledger, Map.of(0, List.of(1), 1, List.of(2)));
                try (ConsumerFixture fixture = new ConsumerFixture(
                        ConsumerFixture.migrated(), new TestKafka(first.port()), first.bootstrapServers(), ledger)) {
                    watch(fixture, second);
                }
            } finally {
                second.thaw();
                second.kill();
            }
        }
    }

    private static void create(Admin admin, String topic, Map<Integer, List<Integer>> leaders) throws Exception {
        NewTopic wanted = new NewTopic(topic, leaders);
        if (topic.startsWith("__")) {
            wanted.configs(Map.of("cleanup.policy", "compact"));
        }
        admin.createTopics(List.of(wanted)).all().get();
    }

    private static void watch(ConsumerFixture fixture, LocalKafka second) throws Exception {
        RunningConsumer consumer = fixture.start();
        for (int partition = 0; partition < 2; partition++) {
            fixture.publish(fixture.ledger, partition, "tx", entry("tx-" + partition, "PAYMENT", "po", 1));
        }
        eventually("both caught up", () -> caughtUp(fixture, 0) != null && caughtUp(fixture, 1) != null);

        second.freeze();
        Instant frozen = Instant.now();
        Thread.sleep(Duration.ofSeconds(12).toMillis());

        assertThat(caughtUp(fixture, 1)).as("of the frozen leader").isBefore(frozen.plusSeconds(1));
        eventually("of the other leader", () -> caughtUp(fixture, 0).isAfter(frozen.plusSeconds(10)));
        fixture.publish(fixture.ledger, 0, "tx", entry("tx-later", "PAYMENT", "po", 1));
        eventually("and it goes on", () -> "3".equals(fixture.one("SELECT count(*) FROM ledger_entry")));
        assertThat(lag(fixture, 1)).as("unknown").isNaN();
        assertThat(lag(fixture, 0)).isNotNaN();
        assertThat(consumer.health().dead()).isEmpty();

        second.thaw();
        eventually("again", () -> caughtUp(fixture, 1).isAfter(frozen.plusSeconds(12)));
    }

    private static Instant caughtUp(ConsumerFixture fixture, int partition) throws Exception {
        String at = fixture.one(
                "SELECT to_char(caught_up_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM coverage WHERE name = '%s' AND partition = %d"
                        .formatted(fixture.ledger, partition));
        return at == null ? null : Instant.parse(at);
    }

    private static double lag(ConsumerFixture fixture, int partition) {
        return fixture.meters
                .get(ConsumerMetrics.LAG)
                .tags("topic", fixture.ledger, "partition", Integer.toString(partition))
                .gauge()
                .value();
    }
}

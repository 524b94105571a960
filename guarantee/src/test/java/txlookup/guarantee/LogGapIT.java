package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.witness.Stored;
import txlookup.local.process.ManagedProcess;

/**
 * What the log loses under a running consumer: that partition stops, and says what is missing (docs/architecture.md,
 * invariant 4).
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("nightly")
class LogGapIT {
    private static final Instant FIRST = Instant.parse("2026-02-05T01:00:00Z");

    private Trial trial;
    private ManagedProcess consumer;
    private Admin admin;
    private String topic;

    @BeforeEach
    void start() throws Exception {
        trial = new Trial(TrialServers.started());
        topic = Trial.ledger(trial.name);
        admin = Admin.create(Map.of("bootstrap.servers", trial.servers.kafka.bootstrapServers()));
        consumer = trial.fleet.start();
        publish(0, 20);
        trial.awaitConsumed(20);
    }

    @AfterEach
    void end() throws Exception {
        admin.close();
        trial.close();
    }

    /** To partition 0, a second apart by the producer's clock. */
    private void publish(int from, int to) throws Exception {
        publishTo(0, from, to);
    }

    private void publishTo(int partition, int from, int to) throws Exception {
        trial.publish(IntStream.range(from, to)
                .mapToObj(i -> new TrialEvent(true, partition, -1, FIRST.plusSeconds(i), null, entry(i)))
                .toList());
    }

    private static byte[] entry(int i) {
        return "{\"tx_id\":\"tx-%d\",\"wallet_id\":\"w\",\"entry_type\":\"PAYMENT\",\"amount\":1,\"event_time\":\"%s\"}"
                .formatted(i, FIRST)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The reason that the store keeps, once a partition of the topic is stopped. */
    private String stopped() throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        String reason;
        while ((reason = Stored.stopped(trial, topic)) == null) {
            assertThat(System.nanoTime()).as("it stops").isLessThan(deadline);
            Thread.sleep(100);
        }
        assertThat(consumer.isRunning()).as("the others go on").isTrue();
        return reason;
    }

    private void forgetBefore(long offset) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }

    @Test
    void recordsThatWereDeletedBeforeTheyWereRead() throws Exception {
        consumer.freeze();
        publish(20, 40); // answers the fetch that it may be waiting for
        publish(40, 100);
        forgetBefore(80);
        consumer.thaw();
        String reason = stopped();
        long consumed = Stored.consumed(trial);
        assertThat(consumed).isBetween(20L, 40L);
        assertThat(reason)
                .contains(topic + "-0", Long.toString(consumed), "the log begins at 80 of ", "records are gone");
    }

    @Test
    void aTopicDeletedAndMadeAgainWithFewerRecords() throws Exception {
        trial.servers.kafka.deleteTopic(topic);
        trial.servers.kafka.createTopic(topic, Trial.PARTITIONS, Map.of("retention.ms", "-1"));
        publish(100, 110);
        assertThat(stopped()).contains(topic);
        assertThat(Stored.consumed(trial)).isEqualTo(20);
    }

    @Test
    void aTopicDeletedAndMadeAgainWithMoreRecords() throws Exception {
        trial.servers.kafka.deleteTopic(topic);
        Thread.sleep(4000); // until the group no longer has its partitions: its metadata is at most two seconds old
        trial.servers.kafka.createTopic(topic, Trial.PARTITIONS, Map.of("retention.ms", "-1"));
        publish(100, 140);
        assertThat(stopped()).contains(topic, "deleted and made again");
        assertThat(Stored.consumed(trial)).isEqualTo(20);
    }

    @Test
    void aTopicMadeAgainSoFastThatThePartitionsStayWhereTheyAre() throws Exception {
        consumer.freeze();
        trial.servers.kafka.deleteTopic(topic);
        trial.servers.kafka.createTopic(topic, Trial.PARTITIONS, Map.of("retention.ms", "-1"));
        publish(100, 140);
        consumer.thaw();
        // It may have read on until it looked at the topic's id again: that is a rebuild's due, but no silence.
        assertThat(stopped()).contains(topic, "deleted and made again");
    }

    @Test
    void aPositionBeyondTheEnd() throws Exception {
        trial.fleet.stop(consumer);
        Stored.execute(trial, "UPDATE coverage SET next_position = next_position + 5 WHERE next_position = 20");
        consumer = trial.fleet.start();
        assertThat(stopped()).contains(topic + "-0", "offset 25 is wanted", "ends at 20");
    }

    @Test
    void aPartitionThatIsAddedIsReadFromItsBeginning() throws Exception {
        addAPartition();
        publishTo(Trial.PARTITIONS, 20, 30);
        trial.awaitConsumed(30);
        assertThat(consumer.isRunning()).isTrue();
    }

    @Test
    void whatAnAddedPartitionLostBeforeItWasRead() throws Exception {
        consumer.freeze();
        addAPartition();
        publishTo(Trial.PARTITIONS, 20, 30);
        TopicPartition added = new TopicPartition(topic, Trial.PARTITIONS);
        admin.deleteRecords(Map.of(added, RecordsToDelete.beforeOffset(5)))
                .all()
                .get();
        consumer.thaw();
        assertThat(stopped()).contains(added.toString(), "offset 0 is wanted", "begins at 5");
        assertThat(Stored.consumed(trial)).isEqualTo(20);
    }

    private void addAPartition() throws Exception {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(Trial.PARTITIONS + 1)))
                .all()
                .get();
    }
}

package txlookup.consumer.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;
import txlookup.consumer.telemetry.ConsumerMetrics;
import txlookup.local.testing.SharedKafka;

/** The subscription against a real broker and a real store. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SubscriptionIT {
    private static final String ENTRIES = "SELECT count(*) FROM ledger_entry";
    private static final String CONSUMED = "SELECT sum(consumed) FROM coverage";

    private ConsumerFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new ConsumerFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void appliesBothTopicsAndAccountsForEveryRecord() throws Exception {
        fixture.start();
        fixture.publishEntries(0, 200);
        fixture.publish(
                fixture.orders,
                1,
                "po-1",
                "{\"order_id\":\"po-1\",\"amount\":\"1\",\"status\":\"PAID\",\"created_at\":\"2026-02-05T01:00:00Z\",\"version\":1}");
        eventually("all applied", () -> "201".equals(fixture.one(CONSUMED)));
        assertThat(fixture.one(ENTRIES)).isEqualTo("200");
        assertThat(fixture.one("SELECT status FROM payment_order")).isEqualTo("PAID");
        assertThat(fixture.one("SELECT bool_and(next_position - start_position = consumed) FROM coverage"))
                .isEqualTo("t");
    }

    @Test
    void readsFromWhereTheStoreIsWhateverKafkaSays() throws Exception {
        fixture.publishEntries(0, 10);
        try (Admin admin = Admin.create(fixture.broker())) {
            admin.alterConsumerGroupOffsets(
                            fixture.settings().group(),
                            Map.of(new TopicPartition(fixture.ledger, 0), new OffsetAndMetadata(4)))
                    .all()
                    .get();
        }
        fixture.start();
        eventually("all ten applied", () -> "10".equals(fixture.one(ENTRIES)));
    }

    @Test
    void goesOnWhereItStoppedAndAppliesNothingTwice() throws Exception {
        RunningConsumer first = fixture.start();
        fixture.publishEntries(0, 50);
        eventually("first half applied", () -> "50".equals(fixture.one(CONSUMED)));
        first.stop();
        fixture.publishEntries(50, 100);
        fixture.start();
        eventually("second half applied", () -> "100".equals(fixture.one(ENTRIES)));
        assertThat(fixture.one(CONSUMED)).isEqualTo("100");
        try (Admin admin = Admin.create(fixture.broker())) {
            assertThat(admin.listConsumerGroupOffsets(fixture.settings().group())
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .as("Kafka's own offsets follow, for the tools that read them")
                    .isNotEmpty();
        }
    }

    @Test
    void setsBadRecordsAsideOnceAndGoesOn() throws Exception {
        RunningConsumer first = fixture.start();
        fixture.publish(fixture.ledger, 0, "a", entry("a", "PAYMENT", "po", 1));
        long bad = fixture.publish(fixture.ledger, 0, "b", "{\"tx_id\":");
        long tombstone = fixture.publish(fixture.ledger, 0, "c", null);
        fixture.publish(fixture.ledger, 0, "d", entry("d", "RECEIVE", "po", 1));
        eventually("all four accounted for", () -> "4".equals(fixture.one(CONSUMED)));
        first.stop();
        fixture.start();
        fixture.publish(fixture.ledger, 0, "e", entry("e", "PAYMENT", "po", 1));
        eventually("the fifth applied", () -> "5".equals(fixture.one(CONSUMED)));
        assertThat(fixture.one("SELECT string_agg(position || ' ' || reason, ', ' ORDER BY position) FROM dead_letter"))
                .isEqualTo("%d parse_error, %d tombstone".formatted(bad, tombstone));
        assertThat(fixture.one("SELECT convert_from(record_value, 'UTF8') FROM dead_letter WHERE position = " + bad))
                .isEqualTo("{\"tx_id\":");
        assertThat(fixture.one(ENTRIES)).isEqualTo("3");
    }

    @Test
    void countsEventsWithNeitherUpdateTimeNorVersion() throws Exception {
        fixture.start();
        fixture.publish(fixture.ledger, 0, "a", entry("a", "PAYMENT", "po", 1).replace(",\"version\":1", ""));
        eventually("applied", () -> "1".equals(fixture.one(CONSUMED)));
        eventually(
                "counted",
                () -> fixture.meters.counter(ConsumerMetrics.VERSION_MISSING).count() == 1);
    }

    @Test
    void handsPartitionsOverBetweenTwoConsumersWithoutLossOrRepetition() throws Exception {
        RunningConsumer first = fixture.start();
        fixture.publishEntries(0, 100);
        eventually("first hundred", () -> "100".equals(fixture.one(CONSUMED)));
        fixture.start();
        fixture.publishEntries(100, 200);
        eventually("second hundred", () -> "200".equals(fixture.one(CONSUMED)));
        eventually("both have partitions", () -> "2"
                .equals(fixture.one("SELECT count(*) FROM coverage WHERE epoch >= 2")));
        first.stop();
        fixture.publishEntries(200, 300);
        eventually("third hundred", () -> "300".equals(fixture.one(ENTRIES)));
        assertThat(fixture.one(CONSUMED)).isEqualTo("300");
    }

    @Test
    void stopsAndNamesTheOffsetsWhenTheLogLostWhatIsWanted() throws Exception {
        fixture.publishEntries(0, 40);
        try (Admin admin = Admin.create(fixture.broker())) {
            admin.deleteRecords(Map.of(new TopicPartition(fixture.ledger, 1), RecordsToDelete.beforeOffset(15)))
                    .all()
                    .get();
        }
        fixture.start();
        assertThat(fixture.awaitStop(fixture.ledger, 1))
                .startsWith(fixture.ledger + "-1")
                .matches(
                        ".*offset 0 is wanted and the log begins at 15 of 20..-..-..T\\S+Z: 15 records are gone; a rebuild is due");
        eventually("the other partition goes on", () -> "20".equals(fixture.one(ENTRIES)));
    }

    @Test
    void stopsWhenTheTopicWasDeletedAndMadeAgain() throws Exception {
        RunningConsumer first = fixture.start();
        fixture.publishEntries(0, 20);
        eventually("applied", () -> "20".equals(fixture.one(CONSUMED)));
        first.stop();
        SharedKafka.broker().deleteTopic(fixture.ledger);
        SharedKafka.broker().createTopic(fixture.ledger, 2, Map.of());
        fixture.start();
        for (int partition = 0; partition < 2; partition++) {
            assertThat(fixture.awaitStop(fixture.ledger, partition)).contains("the topic was deleted and made again");
        }
    }

    @Test
    void stopsWhenNobodySaidWhereAPartitionBegins() throws Exception {
        fixture.execute("DELETE FROM coverage WHERE partition = 0");
        RunningConsumer consumer = fixture.start();
        eventually("/ready names it", () -> consumer.notReady().stream()
                .anyMatch(reason -> reason.startsWith(fixture.ledger + "-0: STOPPED since ")
                        && reason.contains("has no coverage")));
        fixture.publish(fixture.ledger, 1, "a", entry("a", "PAYMENT", "po", 1));
        eventually("the other partition goes on", () -> "1".equals(fixture.one(ENTRIES)));
    }

    @Test
    void leavesAPartitionThatSomebodyElseClaimed() throws Exception {
        fixture.start();
        fixture.publishEntries(0, 10);
        eventually("applied", () -> "10".equals(fixture.one(CONSUMED)));
        fixture.execute("UPDATE coverage SET epoch = epoch + 1");
        fixture.publishEntries(10, 20);
        eventually("claimed again, as the group still says it is ours", () -> "20".equals(fixture.one(ENTRIES)));
        assertThat(fixture.one(CONSUMED)).isEqualTo("20");
        assertThat(List.of(fixture.one("SELECT min(epoch) FROM coverage WHERE name = '" + fixture.ledger + "'")))
                .isEqualTo(List.of("3"));
    }

    @Test
    void saysThatItIsCaughtUpWhileNothingComesAndTheBrokerAnswers() throws Exception {
        fixture.start();

        eventually(
                "says so in each partition", () -> "4".equals(fixture.one("SELECT count(caught_up_at) FROM coverage")));
        String first = fixture.one("SELECT min(caught_up_at) FROM coverage");
        eventually("again", () -> "t".equals(fixture.one("SELECT min(caught_up_at) > '" + first + "' FROM coverage")));
    }
}

package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;

/** Partitions with little traffic share transactions, and none suffers from what happens to another. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class GroupCommitIT {
    private static final String SHARED = """
            SELECT max(sources) FROM (SELECT count(DISTINCT source_id) AS sources
            FROM (SELECT xmin, source_id FROM ledger_entry UNION ALL SELECT xmin, source_id FROM payment_order) AS rows
            GROUP BY xmin::text) AS transactions""";

    private ConsumerFixture fixture;
    private int published;

    @BeforeEach
    void open() throws Exception {
        fixture = new ConsumerFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void recordsOfSeveralPartitionsShareATransaction() throws Exception {
        start();
        publishUntilShared();
        assertThat(fixture.one("SELECT sum(consumed) = sum(applied) FROM coverage"))
                .isEqualTo("t");
    }

    @Test
    void aPartitionThatIsClaimedElsewhereTakesNoOthersWithIt() throws Exception {
        start();
        publishUntilShared();
        String others =
                "SELECT max(epoch) FROM coverage WHERE NOT (name = '%s' AND partition = 1)".formatted(fixture.ledger);
        String before = fixture.one(others);
        fixture.execute(
                "UPDATE coverage SET epoch = epoch + 5 WHERE name = '%s' AND partition = 1".formatted(fixture.ledger));
        for (int round = 0; round < 5; round++) {
            publishToAll();
            awaitAll();
        }
        assertThat(fixture.one(others)).isEqualTo(before);
        assertThat(fixture.one(
                        "SELECT epoch FROM coverage WHERE name = '%s' AND partition = 1".formatted(fixture.ledger)))
                .as("claimed again")
                .isEqualTo("7");
    }

    @Test
    void aValueThatIsRefusedIsSetAsideAndTheOthersLand() throws Exception {
        start();
        publishUntilShared();
        fixture.execute("ALTER TABLE ledger_entry ADD CONSTRAINT no_thirteen CHECK (tx_id <> 'tx-bad')");
        for (int round = 0; round < 5; round++) {
            fixture.publish(fixture.ledger, 1, "tx-bad", entry("tx-bad", "PAYMENT", "po", round + 1));
            published++;
            publishToAll();
            awaitAll();
        }
        assertThat(fixture.one("SELECT count(*) FROM dead_letter WHERE reason = 'value_out_of_range'"))
                .isEqualTo("5");
        assertThat(fixture.one("SELECT sum(dead) FROM coverage")).isEqualTo("5");
        assertThat(fixture.one("SELECT sum(applied) FROM coverage")).isEqualTo(Integer.toString(published - 5));
    }

    @Test
    void quietPartitionsAreCaughtUpTogetherAndOneThatIsClaimedElsewhereIsClaimedAgain() throws Exception {
        start();
        publishToAll();
        awaitAll();
        eventually("all caught up at once", () -> "1 4"
                .equals(fixture.one("SELECT count(DISTINCT xmin::text) || ' ' || count(caught_up_at) FROM coverage")));
        fixture.execute("UPDATE coverage SET epoch = epoch + 5, caught_up_at = NULL WHERE name = '%s' AND partition = 1"
                .formatted(fixture.ledger));
        eventually("claimed again and caught up", () -> "7"
                .equals(fixture.one(
                        "SELECT epoch FROM coverage WHERE name = '%s' AND partition = 1 AND caught_up_at IS NOT NULL"
                                .formatted(fixture.ledger))));
    }

    private void start() throws Exception {
        SubscriptionSettings usual = fixture.settings();
        RunningConsumer consumer = fixture.start(
                new SubscriptionSettings(
                        usual.generation(),
                        usual.group(),
                        usual.canary(),
                        usual.topics(),
                        usual.kafka(),
                        usual.owner(),
                        usual.batchRecords(),
                        usual.batchBytes(),
                        Duration.ofMillis(500),
                        usual.backoffFirst(),
                        usual.backoffMost(),
                        usual.maxFutureSkew(),
                        usual.maxDeadShare(),
                        usual.crashTries()),
                8);
        eventually("ready", () -> consumer.notReady().isEmpty());
    }

    private void publishUntilShared() throws Exception {
        eventually("a transaction of several partitions", () -> {
            publishToAll();
            awaitAll();
            return Integer.parseInt(fixture.one(SHARED)) > 2;
        });
    }

    private void publishToAll() throws Exception {
        for (int partition = 0; partition < 2; partition++) {
            String id = published + "-" + partition;
            fixture.publish(fixture.ledger, partition, id, entry("tx-" + id, "PAYMENT", "po-" + id, 1));
            fixture.publish(
                    fixture.orders,
                    partition,
                    id,
                    "{\"order_id\":\"po-%s\",\"amount\":\"1\",\"status\":\"PAID\",\"created_at\":\"2026-02-05T01:00:00Z\"}"
                            .formatted(id));
        }
        published += 4;
    }

    private void awaitAll() throws Exception {
        eventually("all applied", () -> Integer.toString(published)
                .equals(fixture.one("SELECT sum(consumed) FROM coverage")));
    }
}

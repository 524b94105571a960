package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;

/** More partitions than connections: they take turns, and nobody calls the store away. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class StoreTurnsIT {
    // Longer than the fixture's pool waits for a connection, when three others have their turn first.
    private static final String SLOW = """
            CREATE FUNCTION bo.slow() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_sleep(2); RETURN NULL; END $$;
            CREATE TRIGGER slow AFTER INSERT ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION bo.slow();
            CREATE TRIGGER slow AFTER INSERT ON payment_order FOR EACH STATEMENT EXECUTE FUNCTION bo.slow()""";

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
    void aPoolSmallerThanThePartitionsIsReportedAndAllAreApplied() throws Exception {
        fixture.execute(SLOW);
        RunningConsumer consumer = fixture.start(fixture.settings(Map.of(), 0.2), 1);
        eventually("ready", () -> consumer.notReady().isEmpty());
        for (int partition = 0; partition < 2; partition++) {
            String id = "tx-" + partition;
            fixture.publish(fixture.ledger, partition, id, entry(id, "PAYMENT", "po", 1));
            fixture.publish(fixture.orders, partition, id, order(id));
        }

        List<String> outages = new ArrayList<>();
        eventually("all applied", () -> {
            consumer.notReady().stream()
                    .filter(line -> line.contains("store away"))
                    .forEach(outages::add);
            return "4".equals(fixture.one("SELECT sum(consumed) FROM coverage"));
        });

        assertThat(outages).isEmpty();
        assertThat(consumer.health().notes())
                .singleElement()
                .asString()
                .startsWith("4 partitions are assigned and database.poolSize is 1: 1 batches are applied at once");
    }

    @Test
    void aPoolThatIsLargeEnoughIsNotWorthALine() throws Exception {
        RunningConsumer consumer = fixture.start();
        eventually("ready", () -> consumer.notReady().isEmpty());
        assertThat(consumer.health().notes()).isEmpty();
    }

    private static String order(String id) {
        return "{\"order_id\":\"%s\",\"amount\":\"1\",\"status\":\"PAID\",\"created_at\":\"2026-02-05T01:00:00Z\"}"
                .formatted(id);
    }
}

package txlookup.consumer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.store.deadletter.DeadLetterOrder;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.apply.store.deadletter.DeadLetterSelection;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.KillableReplays;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.profiles.events.EventProfiles;

/** Replays that the console orders end, whatever happens to the consumers that carry them out. */
public class ReplayWorkerIT {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final DeadLetterOrder ALL = DeadLetterOrder.replay(DeadLetterSelection.all(), "ann");

    private final List<ReplayWorker> desks = new ArrayList<>();
    private ConsumerFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new ConsumerFixture();
    }

    @AfterEach
    void close() throws Exception {
        for (ReplayWorker desk : desks) {
            desk.stop();
        }
        fixture.close();
    }

    @Test
    void whatAKilledConsumerReplayedInPartIsResumedByTheNext(@TempDir Path folder) throws Exception {
        setAside(1, 20_000);
        order(ALL);
        Process killed = KillableReplays.start(fixture, folder.resolve("log"));
        eventually("some are replayed", () -> count("state = 'RESOLVED'") > 0);
        killed.destroyForcibly().waitFor();
        assertThat(count("state = 'OPEN'"))
                .as("left to do; the consumer said %s", Files.readString(folder.resolve("log")))
                .isPositive();

        start();

        eventually("the order has ended", this::allEnded);
        assertThat(count("state <> 'RESOLVED'")).isZero();
        assertThat(fixture.one("SELECT resolved || ' ' || coalesce(failure, 'no failure') FROM dead_letter_run"))
                .isEqualTo("20000 no failure");
        assertThat(fixture.one("SELECT count(*) FROM ledger_entry")).isEqualTo("20000");
        assertThat(fixture.one("SELECT consumed FROM coverage WHERE kind = 'REPLAY'"))
                .isEqualTo("20000");
    }

    @Test
    void twoOrdersAtOnceWithTwoConsumersBothEnd() throws Exception {
        setAside(1, 3_000);
        for (int i = 0; i < 4; i++) {
            order(ALL);
        }

        start();
        start();

        eventually("all orders have ended", this::allEnded);
        assertThat(fixture.one("SELECT sum(resolved) FROM dead_letter_run")).isEqualTo("3000");
        assertThat(fixture.one("SELECT count(*) FROM dead_letter_run WHERE failure IS NOT NULL OR takes > 1"))
                .isEqualTo("0");
    }

    @Test
    void aFailureThatPassesIsWaitedFor() throws Exception {
        setAside(1, 10);
        fixture.execute("""
                CREATE FUNCTION bo.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    RAISE EXCEPTION 'no space left' USING ERRCODE = '53100';
                END $$;
                CREATE TRIGGER full_disk BEFORE UPDATE ON dead_letter FOR EACH ROW EXECUTE FUNCTION bo.full()""");
        order(ALL);
        start();
        eventually("it was tried twice", () -> fixture.one("SELECT takes > 1 FROM dead_letter_run")
                .equals("t"));

        fixture.execute("DROP TRIGGER full_disk ON dead_letter");

        eventually("the order has ended", this::allEnded);
        assertThat(fixture.one("SELECT resolved FROM dead_letter_run")).isEqualTo("10");
    }

    @Test
    void aFailureThatDoesNotPassEndsTheOrderAndTheNextOneIsCarriedOut() throws Exception {
        setAside(1, 10);
        fixture.execute(
                // A marker of this generation whose beat is no base64, which no consumer writes.
                "UPDATE dead_letter SET record_headers = '[{\"key\":\"dHhsb29rdXAtY2FuYXJ5\",\"value\":\"MjAyNjAyMDUwMTAwMDA=\"},"
                        + "{\"key\":\"dHhsb29rdXAtY2FuYXJ5LWJlYXQ=\",\"value\":\"%%%\"}]' WHERE position = 5");
        order(ALL);
        start();
        eventually("the order has ended", this::allEnded);
        assertThat(fixture.one("SELECT failure FROM dead_letter_run")).contains("IllegalArgumentException");

        fixture.execute("UPDATE dead_letter SET record_headers = NULL");
        order(ALL);

        eventually("the next order has ended", this::allEnded);
        assertThat(fixture.one("SELECT resolved FROM dead_letter_run ORDER BY run_id DESC LIMIT 1"))
                .isEqualTo("10");
    }

    @Test
    void anOrderThatEveryConsumerDiesOfIsEnded() throws Exception {
        setAside(1, 10);
        order(ALL);
        fixture.execute("UPDATE dead_letter_run SET tries = %d, takes = %1$d, runner = 'gone',"
                        .formatted(ReplayWorker.MOST_TRIES)
                + " leased_until = now() - interval '1 s', up_to = 10, done_to = 3");

        start();

        eventually("the order has ended", this::allEnded);
        assertThat(fixture.one("SELECT failure FROM dead_letter_run"))
                .isEqualTo(
                        "5 processes ended while they worked on what follows dead letter 3; look at that one and the next");
    }

    private void order(DeadLetterOrder order) throws SQLException {
        try (var connections = fixture.pool(2)) {
            new DeadLetterRuns(connections).order(order);
        }
    }

    private void start() {
        ReplayWorker desk = desk(fixture.settings(), fixture.pool(4));
        desks.add(desk);
        desk.start();
    }

    public static ReplayWorker desk(SubscriptionSettings settings, javax.sql.DataSource connections) {
        return new ReplayWorker(settings, EventProfiles.load("canonical-v1"), connections, LEASE);
    }

    private boolean allEnded() throws SQLException {
        return fixture.one("SELECT bool_and(ended_at IS NOT NULL) FROM dead_letter_run")
                .equals("t");
    }

    private int count(String which) throws SQLException {
        return Integer.parseInt(fixture.one("SELECT count(*) FROM dead_letter WHERE " + which));
    }

    private void setAside(int from, int to) throws SQLException {
        fixture.execute("""
                INSERT INTO dead_letter (source_id, position, record_time, reason, detail, record_value)
                SELECT source_id, n, now(), 'parse_error', 'as the test says', convert_to(replace(
                    '{"tx_id":"tx-#","wallet_id":"w","entry_type":"PAYMENT","amount":"1.00",'
                    '"event_time":"2026-02-05T01:00:00Z","version":1}', '#', n::text), 'UTF8')
                FROM coverage, generate_series(%d, %d) AS n WHERE name = '%s' AND partition = 0""".formatted(from, to, fixture.ledger));
    }
}

package txlookup.consumer.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;

/** Consumers that are stopped in order while a table is locked: no record is taken for one that kills the process. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class OrderlyGiveBackIT {
    private static final String ATTEMPTS = "SELECT max(attempts) FROM coverage";

    // The consumer then waits as for any store that cannot be written to, and does not hang in a statement.
    private static final String SHORT_LOCKS = """
            DO $$ BEGIN
                EXECUTE format('ALTER DATABASE %I SET lock_timeout = %L', current_database(), '300ms');
            END $$""";

    private ConsumerFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new ConsumerFixture();
        fixture.execute(SHORT_LOCKS);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void deploysDuringALockCountAsNoDeaths() throws Exception {
        for (int i = 0; i < 10; i++) {
            fixture.publish(fixture.ledger, 0, "tx-" + i, entry("tx-" + i, "PAYMENT", "po-" + i, 1));
        }
        try (HikariDataSource other = fixture.pool(1);
                Connection holder = other.getConnection();
                Statement lock = holder.createStatement()) {
            lock.execute("SET idle_in_transaction_session_timeout = 0");
            lock.execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE");
            // With one try, the third death would set a record aside.
            for (int deploy = 0; deploy < 4; deploy++) {
                RunningConsumer consumer = fixture.start();
                eventually("an attempt is counted", () -> "1".equals(fixture.one(ATTEMPTS)));
                consumer.stop();
                assertThat(fixture.one(ATTEMPTS)).isEqualTo("0");
            }
            holder.rollback();
        }

        fixture.start();

        eventually("all applied", () -> "10".equals(fixture.one("SELECT count(*) FROM ledger_entry")));
        assertThat(fixture.one("SELECT count(*) FROM dead_letter")).isEqualTo("0");
    }
}

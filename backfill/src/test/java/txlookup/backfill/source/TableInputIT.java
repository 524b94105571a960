package txlookup.backfill.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.apply.model.Entity;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.BackfillFixture;
import txlookup.backfill.Manifest;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** A table of a real source, read while it changes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TableInputIT {
    private static final String TABLE = """
            CREATE TABLE transaction_ledger (
                tx_id text PRIMARY KEY, wallet_id text NOT NULL, type text NOT NULL, amount numeric NOT NULL,
                amount_signed numeric(20,4), related_id text, created_at timestamptz NOT NULL, updated_at timestamp,
                version bigint, unknown_column jsonb)""";

    private static final String ROWS = """
            INSERT INTO transaction_ledger
            SELECT 'tx-' || lpad(n::text, 5, '0'), '지갑-' || n % 7, 'PAYMENT', n * 1.10, CASE WHEN n % 2 = 0 THEN -n END, NULL,
                   timestamptz '2026-02-05 00:00:00.123456+00' + n * interval '1 second',
                   timestamp '2026-02-05 00:00:00' + n * interval '1 microsecond', NULLIF(n % 3, 0), '{"x": 1}'
            FROM generate_series(1, 2500) AS n""";

    private static void execute(HikariDataSource source, String... statements) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static HikariDataSource source() {
        TestDatabase database = SharedPostgres.newDatabase();
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(database.jdbcUrl());
        source.setUsername(database.user());
        source.setPassword(database.password());
        source.setMaximumPoolSize(4);
        return source;
    }

    @Test
    void readsOneInstantOfTheTableInEveryColumnWhileWritesGoOn() throws Exception {
        try (HikariDataSource source = source();
                BackfillFixture fixture = new BackfillFixture()) {
            execute(source, TABLE, ROWS, "ANALYZE transaction_ledger");
            BackfillProgress writingMeanwhile = new BackfillProgress() {
                @Override
                public void begins(Input input, long rowsBefore) {}

                @Override
                public void applied(Input input, Chunk chunk, BatchResult applied) {
                    try {
                        execute(
                                source,
                                "UPDATE transaction_ledger SET amount = -1, version = 99",
                                "INSERT INTO transaction_ledger SELECT 'tx-99999-' || gen_random_uuid(), 'w', 'RECEIVE', 1, 1, NULL, now(), NULL, 1");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
            Manifest manifest = fixture.backfill(400, writingMeanwhile)
                    .load(List.of(new TableInput(source, "transaction_ledger", "tx_id", Entity.LEDGER_ENTRY)));
            assertThat(manifest.rows()).isEqualTo(2500);
            assertThat(manifest.rejected()).isZero();
            assertThat(fixture.one("SELECT count(*) FROM ledger_entry WHERE amount < 0"))
                    .isEqualTo("0");
            assertThat(fixture.one("""
                            SELECT concat_ws('|', wallet_id, entry_type, amount, amount_signed, related_id, event_time AT TIME ZONE 'UTC',
                                             created_at AT TIME ZONE 'UTC', updated_at AT TIME ZONE 'UTC', version)
                            FROM ledger_entry WHERE tx_id = 'tx-00100'"""))
                    .isEqualTo(
                            "지갑-2|PAYMENT|110.00|-100.0000|2026-02-05 00:01:40.123456|2026-02-05 00:01:40.123456|2026-02-05 00:00:00.0001|1");
        }
    }

    @ParameterizedTest
    @CsvSource({"bigint, n", "uuid, md5(n::text)::uuid", "char(12), n::text"})
    void readsATableWhateverTypeItsKeyHas(String type, String key) throws Exception {
        try (HikariDataSource source = source();
                BackfillFixture fixture = new BackfillFixture()) {
            execute(
                    source,
                    "CREATE TABLE payment_orders (order_id " + type
                            + " PRIMARY KEY, amount numeric, status text, created_at timestamptz)",
                    "INSERT INTO payment_orders SELECT " + key
                            + ", n, 'PAID', now() FROM generate_series(1, 250) AS n");
            fixture.backfill(100, BackfillFixture.QUIET)
                    .load(List.of(new TableInput(source, "payment_orders", "order_id", Entity.PAYMENT_ORDER)));
            assertThat(fixture.one("SELECT count(*) FROM payment_order")).isEqualTo("250");
        }
    }

    @Test
    void goesOnAfterTheLastKeyOfAKilledRun() throws Exception {
        try (HikariDataSource source = source();
                BackfillFixture fixture = new BackfillFixture()) {
            execute(source, TABLE, ROWS);
            TableInput input = new TableInput(source, "transaction_ledger", "tx_id", Entity.LEDGER_ENTRY);
            BackfillProgress dying = new BackfillProgress() {
                @Override
                public void begins(Input input, long rowsBefore) {}

                @Override
                public void applied(Input input, Chunk chunk, BatchResult applied) {
                    if (chunk.nextPosition() > 1000) {
                        throw new IllegalStateException("died");
                    }
                }
            };
            try {
                fixture.backfill(300, dying).load(List.of(input));
            } catch (IllegalStateException e) {
                assertThat(fixture.one("SELECT next_position || ' ' || resume_from FROM coverage"))
                        .isEqualTo("1201 tx-01200");
            }
            Manifest manifest = fixture.backfill(300, BackfillFixture.QUIET).load(List.of(input));
            assertThat(manifest.rows()).isEqualTo(2500);
            assertThat(fixture.one("SELECT count(*) FROM ledger_entry")).isEqualTo("2500");
        }
    }
}

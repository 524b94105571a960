package txlookup.proof.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.Entity;
import txlookup.proof.ProofFixture;

/** A scan of the store shows each key once and keeps the server from nothing. */
class StoreScanIT {
    private static final int ROWS = 45_000;

    // What any session of the database holds back, in transactions.
    private static final String OLDEST_SNAPSHOT = """
            SELECT coalesce(max(age(backend_xmin)), 0) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()""";

    @Test
    void noSnapshotIsHeldWhileARowIsShownHoweverLongThatTakes() throws Exception {
        try (ProofFixture fixture = new ProofFixture()) {
            fill(fixture);
            List<Long> ages = new ArrayList<>();
            try (Connection other = DriverManager.getConnection(
                            fixture.database.jdbcUrl(), fixture.database.user(), fixture.database.password());
                    Statement statement = other.createStatement()) {
                int[] rows = {0};
                fixture.storeSide.scan(Entity.PAYMENT_ORDER, row -> {
                    if (++rows[0] % 9_000 == 0) {
                        ages.add(oldestSnapshotAfterManyTransactions(statement));
                    }
                });
                assertThat(rows[0]).isEqualTo(ROWS);
            }
            System.out.printf("age of the oldest snapshot at 5 places of a scan, in transactions: %s%n", ages);
            assertThat(ages).hasSize(5).containsOnly(0L);
        }
    }

    @Test
    void everyKeyIsShownOnceWhileRowsMoveAboutTheTable() throws Exception {
        try (ProofFixture fixture = new ProofFixture()) {
            fill(fixture);
            Set<Long> keys = new HashSet<>();
            int[] rows = {0};
            fixture.storeSide.scan(Entity.PAYMENT_ORDER, row -> {
                keys.add(row.keyHash());
                if (++rows[0] % 5_000 == 0) {
                    execute(
                            fixture,
                            "UPDATE payment_order SET ingested_at = now() WHERE order_id LIKE '%" + rows[0] / 5_000 % 10
                                    + "'");
                }
            });

            assertThat(rows[0]).isEqualTo(ROWS);
            assertThat(keys).hasSize(ROWS);
        }
    }

    @Test
    void anEmptyTableAndOneOfWholePagesAreShown() throws Exception {
        try (ProofFixture fixture = new ProofFixture()) {
            assertThat(count(fixture)).isZero();
            fill(fixture);
            execute(fixture, "DELETE FROM payment_order WHERE order_id > 'po''\\0020000'");
            assertThat(count(fixture)).isEqualTo(20_000);
        }
    }

    private static int count(ProofFixture fixture) throws SQLException {
        int[] rows = {0};
        fixture.storeSide.scan(Entity.PAYMENT_ORDER, row -> rows[0]++);
        return rows[0];
    }

    /** Never analyzed, as after a load; keys hold what a literal has to escape, and lie in the table in another order. */
    private static void fill(ProofFixture fixture) throws SQLException {
        fixture.execute("""
                INSERT INTO coverage (kind, name, partition, start_position, next_position, as_of)
                VALUES ('STREAM', 'orders', 0, 0, 0, now());
                INSERT INTO payment_order (order_id, amount, status, created_at, source_time, digest, source_id,
                    source_position, ingested_at)
                SELECT 'po''\\' || lpad(((n * 7919) %% %1$d + 1)::text, 7, '0'), 1, 'PAID', now(), now(), 1, source_id, n, now()
                FROM coverage, generate_series(1, %1$d) AS n""".formatted(ROWS));
    }

    private static long oldestSnapshotAfterManyTransactions(Statement statement) {
        try {
            for (int i = 0; i < 20; i++) {
                statement.execute("SELECT pg_current_xact_id()");
            }
            try (ResultSet row = statement.executeQuery(OLDEST_SNAPSHOT)) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(ProofFixture fixture, String sql) {
        try {
            fixture.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

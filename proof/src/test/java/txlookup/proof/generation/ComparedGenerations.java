package txlookup.proof.generation;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.backfill.throttle.Throttle;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.VerificationProgress;

/** A generation and a candidate with the same rows: each was loaded from an extract and has two partitions of a topic. */
final class ComparedGenerations implements AutoCloseable {
    static final long SERVING = 20260205010000L;
    static final long CANDIDATE = 20260206010000L;
    static final String S = Migrations.schema(SERVING);
    static final String C = Migrations.schema(CANDIDATE);
    static final ComparisonSettings QUICK =
            new ComparisonSettings(1_000, 50_000, 5, Duration.ofSeconds(1), Duration.ofMillis(20));

    private static final String FILL = """
            INSERT INTO %1$s.coverage (kind, name, partition, start_position, next_position, as_of)
            VALUES ('BACKFILL', 'entries.ndjson', -1, 0, 0, now()), ('STREAM', 'entries', 0, %3$d, 1000, now()),
                ('STREAM', 'entries', 1, %3$d, 1000, now());
            INSERT INTO %1$s.ledger_entry (event_time, created_at, updated_at, version, source_time, digest, source_position,
                ingested_at, source_id, tx_id, wallet_id, entry_type, amount, related_id, related_type)
            SELECT at, at, at, n, at, n::bigint * 7919, n, now(), 1, 'tx-' || n, 'wallet-' || n %% 5000, 'PAYMENT', n + 0.10,
                'order-' || n / 2, 'PAYMENT_ORDER'
            FROM generate_series(1, %2$d) n, LATERAL (SELECT '2026-01-01Z'::timestamptz + n * interval '1 second' AS at) t;
            INSERT INTO %1$s.payment_order (created_at, updated_at, version, source_time, digest, source_position,
                ingested_at, source_id, order_id, user_id, amount, status)
            SELECT at, at, n, at, n, n, now(), 1, 'order-' || n, 'user-' || n, n + 0.10, 'PAID'
            FROM generate_series(1, %2$d / 2) n, LATERAL (SELECT '2026-01-01Z'::timestamptz + n * interval '1 second' AS at) t
            """;

    final TestDatabase database = SharedPostgres.newDatabase("two generations", made -> {
        Migrations.toHead(made.connections(), SERVING);
        Migrations.toHead(made.connections(), CANDIDATE);
    });
    final HikariDataSource store = StoreConnections.control(
            database.jdbcUrl(), database.user(), database.password(), 4, Duration.ofSeconds(10), Duration.ofMinutes(2));

    ComparedGenerations(int entries) throws SQLException {
        execute(FILL.formatted(S, entries, 0));
        execute(FILL.formatted(C, entries, 500));
    }

    ComparisonResult compare() throws SQLException, InterruptedException {
        return compare(QUICK, null);
    }

    ComparisonResult compare(ComparisonSettings settings, @Nullable DataSet source)
            throws SQLException, InterruptedException {
        return compare(store, settings, source);
    }

    private static ComparisonResult compare(
            DataSource connections, ComparisonSettings settings, @Nullable DataSet source)
            throws SQLException, InterruptedException {
        return new GenerationComparison(
                        connections,
                        CANDIDATE,
                        SERVING,
                        settings,
                        source,
                        VerificationProgress.QUIET,
                        new Throttle(ThrottleSettings.OFF))
                .run();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = store.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    /** Compares them while a statement runs between any two looks at them, however slow this machine is. */
    ComparisonResult compareWhile(String moving) throws SQLException, InterruptedException {
        DataSource watched = proxy(
                DataSource.class,
                store,
                "getConnection",
                connection -> proxy(Connection.class, connection, "rollback", nothing -> {
                    execute(moving);
                    return nothing;
                }));
        return compare(watched, QUICK, null);
    }

    private interface After {
        Object then(Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, Object target, String method, After after) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, given) -> {
            Object result = called.invoke(target, given);
            return called.getName().equals(method) ? after.then(result) : result;
        }));
    }

    String one(String sql) throws SQLException {
        try (Connection connection = store.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            String value = row.getString(1);
            connection.rollback();
            return value;
        }
    }

    /** As the file from which the candidate was loaded: it holds the entries below that number. */
    static DataSet entriesBelow(long number) {
        return new EntriesBelow(number, Instant.now());
    }

    @Override
    public void close() {
        store.close();
        SharedPostgres.drop(database);
    }
}

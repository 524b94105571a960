package txlookup.migrations.lint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/**
 * The corpus's store, filled, with a role that only reads and one that writes as the released version does. A revision
 * that runs in a transaction is rolled back from it; another one meets a copy of its own.
 */
final class StoreInUse implements AutoCloseable {
    static final int PAYMENTS = 1000;
    static final int WALLETS = 300;

    private static final String ROLES = """
            DO $$ BEGIN
                IF to_regrole('reader') IS NULL THEN CREATE ROLE reader; END IF;
                IF to_regrole('writer') IS NULL THEN CREATE ROLE writer; END IF;
            END $$
            """;
    private static final String FILL = """
            INSERT INTO bo.wallet SELECT 'wallet-' || lpad(n::text, 5, '0'), 'Wallet ' || n FROM generate_series(1, %d) n;
            INSERT INTO bo.payment
            SELECT 'payment-' || lpad(n::text, 5, '0'), 'wallet-' || lpad((n %% %d + 1)::text, 5, '0'), 'ref ' || n, n + 0.10,
                CASE WHEN n %% 2 = 0 THEN 'WEB' ELSE 'APP' END, n %% 3 = 0, 'note ' || n, 'old ' || n, n %% 5,
                '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 minute'
            FROM generate_series(1, %d) n;
            INSERT INTO bo.payment_note SELECT payment_id, 'noted' FROM bo.payment WHERE NOT settled;
            INSERT INTO bo.old_import SELECT 'import-' || lpad(n::text, 5, '0') FROM generate_series(1, 50) n;
            REFRESH MATERIALIZED VIEW bo.wallet_total;
            GRANT USAGE ON SCHEMA bo TO reader, writer;
            GRANT SELECT ON ALL TABLES IN SCHEMA bo TO reader;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bo TO writer;
            ANALYZE
            """.formatted(WALLETS, WALLETS, PAYMENTS);
    private static final String READ_BY_A_RELEASED_VERSION = """
            SELECT format('SELECT md5(t::text) FROM (SELECT %s FROM bo.%I) t', string_agg(quote_ident(attname), ', '
                ORDER BY attnum), relname), relname
            FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
            WHERE relnamespace = 'bo'::regnamespace AND relkind IN ('r', 'v', 'm') AND attnum > 0
                AND coalesce(col_description(attrelid, attnum), '') <> 'Given up'
                AND coalesce(obj_description(attrelid, 'pg_class'), '') <> 'Given up'
            GROUP BY relname ORDER BY relname
            """;

    private final TestDatabase original = SharedPostgres.newDatabase();
    private final TestDatabase elsewhere = SharedPostgres.newDatabase();
    private final Connection admin;
    /** Nobody is ever connected to it, as a template wants it. */
    private final TestDatabase untouched;

    private final Map<String, List<String>> rows = new LinkedHashMap<>();
    private final Map<String, String> queries = new LinkedHashMap<>();
    private int copies;

    StoreInUse() throws SQLException {
        admin = elsewhere.connect();
        try (Connection owner = original.connect()) {
            run(owner, "CREATE SCHEMA bo");
            run(owner, ROLES);
            run(owner, "SET search_path = bo");
            for (MigrationFile file : CorpusFile.store()) {
                run(owner, file.sql());
            }
            run(owner, FILL);
            try (Statement statement = owner.createStatement();
                    ResultSet found = statement.executeQuery(READ_BY_A_RELEASED_VERSION)) {
                while (found.next()) {
                    queries.put(found.getString(2), found.getString(1));
                }
            }
            rows.putAll(readByAReleasedVersion(owner));
        }
        untouched = copyOf(original.name());
    }

    TestDatabase database() {
        return original;
    }

    /** A copy for a revision that cannot be rolled back. */
    TestDatabase copy() throws SQLException {
        return copyOf(untouched.name());
    }

    private TestDatabase copyOf(String template) throws SQLException {
        String name = original.name() + "_" + ++copies;
        run(admin, "CREATE DATABASE %s TEMPLATE %s".formatted(name, template));
        return new TestDatabase(name, SharedPostgres.server().jdbcUrl(name), original.user(), original.password());
    }

    Map<String, List<String>> rows() {
        return rows;
    }

    /** A digest of each row that a released version reads, by relation. */
    Map<String, List<String>> readByAReleasedVersion(Connection connection) throws SQLException {
        Map<String, List<String>> read = new LinkedHashMap<>();
        for (Map.Entry<String, String> query : queries.entrySet()) {
            read.put(query.getKey(), column(connection, query.getValue()));
        }
        return read;
    }

    static List<String> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (found.next()) {
                values.add(found.getString(1));
            }
            return values;
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        admin.close();
        SharedPostgres.server().dropDatabase(untouched.name());
        SharedPostgres.server().dropDatabase(elsewhere.name());
        SharedPostgres.server().dropDatabase(original.name());
    }
}

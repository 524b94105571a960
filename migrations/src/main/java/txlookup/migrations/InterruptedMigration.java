package txlookup.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears what a migration left that ran outside a transaction and was interrupted, so that the next run does it again: its
 * entry as failed, and an index that CREATE INDEX CONCURRENTLY began and that is not valid. Such a migration can be run
 * again from its start (the lint's rule not-resumable); one in a transaction leaves nothing.
 */
final class InterruptedMigration {
    private static final Logger log = LoggerFactory.getLogger(InterruptedMigration.class);

    private static final String HISTORY = "SELECT to_regclass(?) IS NOT NULL";
    private static final String FORGET_FAILURES = "DELETE FROM %s.flyway_schema_history WHERE NOT success";
    private static final String INVALID_INDEXES = """
            SELECT indexrelid::regclass::text, indrelid::regclass::text
            FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid
            WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = to_regnamespace(?)
            """;
    /** Whoever makes an index of the table concurrently holds this lock until it is made. */
    private static final String BUILDERS = """
            SELECT string_agg(DISTINCT pg_locks.pid::text, ', ')
            FROM pg_locks
            JOIN pg_stat_activity USING (pid)
            WHERE relation = ?::regclass AND mode = 'ShareUpdateExclusiveLock' AND granted
                AND pg_locks.pid <> pg_backend_pid() AND backend_type = 'client backend'
            """;

    private static final String PAUSE = "SELECT pg_sleep(0.1)";

    private static final String DROP = "DROP INDEX CONCURRENTLY IF EXISTS %s";

    private final DataSource database;
    private final String schema;

    InterruptedMigration(DataSource database, String schema) {
        this.database = database;
        this.schema = schema;
    }

    void clear() throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try (SessionBounds bounds = SessionBounds.outsideTransactions(connection)) {
                log.trace("Cleared within {}", bounds);
                clear(connection);
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    private void clear(Connection connection) throws SQLException {
        for (String table : invalid(connection).values()) {
            awaitBuilds(connection, table);
        }
        // Asked again: what was being made by another session is valid by now, or given up.
        for (String index : invalid(connection).keySet()) {
            log.info("Index {} was left invalid by an interrupted migration; it is dropped and made again", index);
            execute(connection, DROP.formatted(index));
        }
        try (PreparedStatement statement = connection.prepareStatement(HISTORY)) {
            statement.setString(1, schema + ".flyway_schema_history");
            try (ResultSet found = statement.executeQuery()) {
                if (found.next() && found.getBoolean(1)) {
                    execute(connection, FORGET_FAILURES.formatted(schema));
                }
            }
        }
    }

    private Map<String, String> invalid(Connection connection) throws SQLException {
        Map<String, String> tables = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(INVALID_INDEXES)) {
            statement.setString(1, schema);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    tables.put(found.getString(1), found.getString(2));
                }
            }
        }
        return tables;
    }

    /** Asks again and again: whoever waits in a transaction of its own is waited for by the build in turn. */
    private static void awaitBuilds(Connection connection, String table) throws SQLException {
        long deadline = System.nanoTime() + SessionBounds.LOCK_TIMEOUT.toNanos();
        for (String builders = builders(connection, table); builders != null; builders = builders(connection, table)) {
            if (System.nanoTime() > deadline) {
                throw new SQLException(
                        "process %s has been making an index of %s for more than %s; let it end, or end it"
                                .formatted(builders, table, SessionBounds.LOCK_TIMEOUT));
            }
            execute(connection, PAUSE);
        }
    }

    private static @Nullable String builders(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BUILDERS)) {
            statement.setString(1, table);
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                return found.getString(1);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

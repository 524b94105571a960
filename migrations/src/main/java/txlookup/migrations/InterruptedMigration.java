package txlookup.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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
            SELECT indexrelid::regclass::text, relname, indrelid::regclass::text
            FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid
            WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = to_regnamespace(?)
            """;
    /**
     * Who makes that index. The lock alone does not tell: PostgreSQL releases it before it commits that the index is valid, and
     * Citus holds none while the servers make theirs. The text alone does not tell: other roles' statements are hidden.
     */
    private static final String BUILDERS = """
            SELECT string_agg(pid::text, ', ')
            FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()
                AND (state = 'active' AND query ~* 'create\\s.*index\\s+concurrently' AND strpos(query, ?) > 0
                    OR EXISTS (SELECT 1 FROM pg_locks
                        WHERE pg_locks.pid = pg_stat_activity.pid AND relation = ?::regclass
                            AND mode = 'ShareUpdateExclusiveLock' AND granted))
            """;

    private static final String PAUSE = "SELECT pg_sleep(0.1)";

    private static final String DROP = "DROP INDEX CONCURRENTLY IF EXISTS %s";

    private record InvalidIndex(String qualified, String name, String table) {}

    private final DataSource database;
    private final String schema;

    InterruptedMigration(DataSource database, String schema) {
        this.database = database;
        this.schema = schema;
    }

    void clear() throws SQLException {
        outsideTransactions(this::clear);
    }

    /** Gives indexes their mark back that this run has found whole and made again. */
    void markWholeIndexes() throws SQLException {
        outsideTransactions(connection -> {
            for (InvalidIndex index : invalid(connection)) {
                markIfWhole(connection, index);
            }
        });
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private void outsideTransactions(Work work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try (SessionBounds bounds = SessionBounds.outsideTransactions(connection)) {
                log.trace("Cleared within {}", bounds);
                work.on(connection);
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    private void clear(Connection connection) throws SQLException {
        for (InvalidIndex index : invalid(connection)) {
            awaitBuilds(connection, index);
        }
        // Asked again: what was being made by another session is valid by now, or given up.
        for (InvalidIndex index : invalid(connection)) {
            if (!markIfWhole(connection, index)) {
                log.info(
                        "Index {} was left invalid by an interrupted migration; it is dropped and made again",
                        index.qualified());
                execute(connection, DROP.formatted(index.qualified()));
            }
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

    private static boolean markIfWhole(Connection connection, InvalidIndex index) throws SQLException {
        boolean whole = SpreadIndexes.isWhole(connection, index.table(), index.qualified());
        if (whole) {
            SpreadIndexes.markValid(connection, index.qualified());
            log.info("Index {} is valid on each server, and is marked so", index.qualified());
        }
        return whole;
    }

    private List<InvalidIndex> invalid(Connection connection) throws SQLException {
        List<InvalidIndex> indexes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(INVALID_INDEXES)) {
            statement.setString(1, schema);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    indexes.add(new InvalidIndex(found.getString(1), found.getString(2), found.getString(3)));
                }
            }
        }
        return indexes;
    }

    /** Asks again and again: whoever waits in a transaction of its own is waited for by the build in turn. */
    private static void awaitBuilds(Connection connection, InvalidIndex index) throws SQLException {
        long deadline = System.nanoTime() + SessionBounds.LOCK_TIMEOUT.toNanos();
        for (String builders = builders(connection, index); builders != null; builders = builders(connection, index)) {
            if (System.nanoTime() > deadline) {
                throw new SQLException(
                        "process %s has been making an index of %s for more than %s; let it end, or end it"
                                .formatted(builders, index.table(), SessionBounds.LOCK_TIMEOUT));
            }
            execute(connection, PAUSE);
        }
    }

    private static @Nullable String builders(Connection connection, InvalidIndex index) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BUILDERS)) {
            statement.setString(1, index.name());
            statement.setString(2, index.table());
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

package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Drops a generation's schema, a table a transaction: no lock is held longer than one table takes. */
final class SchemaDrop {
    // Referring tables first.
    private static final String TABLES = """
            SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = to_regnamespace(?) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND NOT EXISTS (SELECT FROM pg_constraint WHERE confrelid = c.oid AND conrelid <> c.oid)
            ORDER BY c.relname""";

    // Readers of a generation that cannot serve any more are asked to end, as lock_timeout alone would wait for them
    // for ever.
    private static final String CANCEL_READERS = """
            SELECT count(pg_cancel_backend(pid)) FROM pg_locks
            WHERE relation = to_regclass(?) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND granted AND pid <> pg_backend_pid()""";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Duration TABLES_DROP_WITHIN = Duration.ofMinutes(2);

    private final Connection connection;
    private final Consumer<String> progress;

    SchemaDrop(Connection connection, Consumer<String> progress) {
        this.connection = connection;
        this.progress = progress;
    }

    /** Drops all of it; returns how many tables were there. */
    int drop(long target) throws SQLException, InterruptedException {
        int dropped = 0;
        for (List<String> tables = tables(target); !tables.isEmpty(); tables = tables(target)) {
            for (String table : tables) {
                drop("g%d.%s".formatted(target, table));
                dropped++;
            }
        }
        execute("DROP SCHEMA IF EXISTS g%d".formatted(target));
        return dropped;
    }

    private List<String> tables(long target) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setString(1, "g" + target);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
        }
        connection.commit();
        return tables;
    }

    private void drop(String table) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + TABLES_DROP_WITHIN.toNanos();
        while (true) {
            try {
                execute("SET LOCAL lock_timeout = '2s'", "DROP TABLE IF EXISTS " + table);
                return;
            } catch (SQLException e) {
                connection.rollback();
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            progress.accept("somebody reads %s still, and is asked to end".formatted(table));
            try (PreparedStatement cancel = connection.prepareStatement(CANCEL_READERS)) {
                cancel.setString(1, table);
                cancel.execute();
            }
            connection.commit();
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        connection.commit();
    }
}

package txlookup.schemacheck.lint;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import txlookup.schemacheck.observe.LockMode;

/** The tables and materialized views there were before the revision, and what a session does to them. */
final class ExistingRelations {
    private static final String LIST = """
            SELECT oid, 'bo.' || relname, reltuples FROM pg_class
            WHERE relnamespace = 'bo'::regnamespace AND relkind IN ('r', 'm')
            """;
    /** Every plan opens all indexes of its tables: a lock on an index keeps others from its table. */
    private static final String LOCKS = """
            SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND pid = ? AND relation = ANY (?)
            UNION ALL
            SELECT indrelid, mode FROM pg_locks JOIN pg_index ON indexrelid = relation
            WHERE locktype = 'relation' AND pid = ? AND mode = 'AccessExclusiveLock' AND indexrelid = ANY (?)
            """;

    private static final String INDEXES =
            "SELECT indexrelid FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'bo'::regnamespace";

    private static final String STORAGE = "SELECT oid, relfilenode FROM pg_class WHERE oid = ANY (?)";
    private static final String ROWS_DONE = """
            SELECT relid, seq_tup_read, n_tup_upd + n_tup_del FROM pg_stat_xact_all_tables WHERE relid = ANY (?)
            """;

    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, Long> rows = new HashMap<>();

    private final List<String> indexes;

    /** What the running transaction did so far, by relation. */
    record Done(Map<Long, Long> storage, Map<Long, Long> read, Map<Long, Long> written) {
        long allWritten() {
            return written.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    ExistingRelations(Connection connection) throws SQLException {
        indexes = StoreInUse.column(connection, INDEXES);
        try (PreparedStatement statement = connection.prepareStatement(LIST);
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                names.put(found.getLong(1), found.getString(2));
                rows.put(found.getLong(1), (long) found.getFloat(3));
            }
        }
    }

    /** The strongest lock that the session holds or waits for, by the table's name. */
    Map<String, LockMode> locks(Connection observer, int session) throws SQLException {
        Map<String, LockMode> strongest = new HashMap<>();
        try (PreparedStatement statement = observer.prepareStatement(LOCKS)) {
            statement.setInt(1, session);
            statement.setArray(2, oids(observer));
            statement.setInt(3, session);
            statement.setArray(4, observer.createArrayOf("oid", indexes.toArray()));
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    strongest.merge(
                            names.get(found.getLong(1)),
                            mode(found.getString(2)),
                            (a, b) -> a.compareTo(b) > 0 ? a : b);
                }
            }
        }
        return strongest;
    }

    /** {@code ShareRowExclusiveLock} is SHARE_ROW_EXCLUSIVE. */
    private static LockMode mode(String name) {
        String words = name.replaceAll("Lock$", "").replaceAll("(?<=[a-z])(?=[A-Z])", "_");
        return LockMode.valueOf(words.toUpperCase(Locale.ROOT));
    }

    Done done(Connection session) throws SQLException {
        Map<Long, Long> storage = new HashMap<>();
        Map<Long, Long> read = new HashMap<>();
        Map<Long, Long> written = new HashMap<>();
        try (PreparedStatement statement = session.prepareStatement(STORAGE)) {
            statement.setArray(1, oids(session));
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    storage.put(found.getLong(1), found.getLong(2));
                }
            }
        }
        try (PreparedStatement statement = session.prepareStatement(ROWS_DONE)) {
            statement.setArray(1, oids(session));
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    read.put(found.getLong(1), found.getLong(2));
                    written.put(found.getLong(1), found.getLong(3));
                }
            }
        }
        return new Done(storage, read, written);
    }

    /** Whether between the two all rows of some relation were read, or it was written anew. */
    boolean wentThroughAll(Done before, Done after) {
        return names.keySet().stream().anyMatch(oid -> {
            long read = after.read().getOrDefault(oid, 0L) - before.read().getOrDefault(oid, 0L);
            boolean anew = after.storage().containsKey(oid)
                    && !after.storage().get(oid).equals(before.storage().get(oid));
            return anew || (rows.get(oid) > 0 && read >= rows.get(oid));
        });
    }

    private Array oids(Connection connection) throws SQLException {
        return connection.createArrayOf("oid", names.keySet().toArray());
    }
}

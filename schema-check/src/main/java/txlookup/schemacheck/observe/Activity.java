package txlookup.schemacheck.observe;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the running transaction of a session did so far. PostgreSQL counts a scan also of an empty table.
 *
 * @param rows by the oid of a table
 * @param locks the strongest that it holds or waits for, by the oid of a relation
 * @param calls of functions that are not PostgreSQL's own
 * @param bounded whether a lock is waited for, and a statement runs, for a limited time only
 */
record Activity(Map<Long, Rows> rows, Map<Long, LockMode> locks, long calls, boolean bounded) {
    /** Every plan opens all indexes of its tables: a lock on an index keeps others from its table. */
    static final String OF_A_SESSION = """
            WITH locks AS (SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND pid = ?)
            SELECT relation::bigint, mode, 0, 0 FROM locks
            UNION ALL
            SELECT indrelid, mode, 0, 0 FROM locks JOIN pg_index ON indexrelid = relation WHERE mode = 'AccessExclusiveLock'
            UNION ALL
            SELECT relid, NULL, seq_scan, n_tup_upd + n_tup_del FROM pg_stat_xact_all_tables
            WHERE seq_scan + n_tup_upd + n_tup_del > 0
            UNION ALL
            SELECT 0, NULL, (SELECT coalesce(sum(calls), 0) FROM pg_stat_xact_user_functions),
                (current_setting('lock_timeout') <> '0' AND current_setting('statement_timeout') <> '0')::int
            """;

    private static final Rows NONE = new Rows(0, 0);

    /** Scans of a whole table, and rows changed or deleted. */
    record Rows(long scans, long written) {}

    /** @param query {@link #OF_A_SESSION}; what another session sees of it are the locks */
    static Activity of(PreparedStatement query, int pid) throws SQLException {
        Map<Long, Rows> rows = new HashMap<>();
        Map<Long, LockMode> locks = new HashMap<>();
        query.setInt(1, pid);
        try (ResultSet found = query.executeQuery()) {
            while (found.next()) {
                String mode = found.getString(2);
                if (mode != null) {
                    locks.merge(found.getLong(1), LockMode.of(mode), LockMode::stronger);
                } else {
                    rows.put(found.getLong(1), new Rows(found.getLong(3), found.getLong(4)));
                }
            }
        }
        Rows session = rows.remove(0L);
        return new Activity(rows, locks, session.scans(), session.written() == 1);
    }

    LockMode lock(long table) {
        return locks.getOrDefault(table, LockMode.NONE);
    }

    boolean scannedSince(Activity before, long table) {
        return rows.getOrDefault(table, NONE).scans()
                > before.rows.getOrDefault(table, NONE).scans();
    }

    long writtenSince(Activity before, long table) {
        return rows.getOrDefault(table, NONE).written()
                - before.rows.getOrDefault(table, NONE).written();
    }
}

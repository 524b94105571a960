package txlookup.api.audit.export;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The audit in the store, as far as its export is concerned: what is left to export, and whether it takes more rows. */
public final class StoredAudit {
    private static final String UNEXPORTED =
            "SELECT coalesce(sum(last_sequence - exported_sequence), 0) FROM bo.audit_chain";
    private static final String IS_THERE = "SELECT to_regclass('bo.audit_chain') IS NOT NULL";

    private StoredAudit() {}

    /** How many rows no export has. */
    public static long unexported(DataSource store) throws SQLException {
        try (Connection connection = StoreCommits.connection(store);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(UNEXPORTED)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Whether there was ever a writer: without one there is nothing to export. */
    public static boolean isUsed(DataSource store) throws SQLException {
        try (Connection connection = StoreCommits.connection(store);
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(IS_THERE)) {
                if (!row.next() || !row.getBoolean(1)) {
                    return false;
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM bo.audit_chain)")) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Takes no more rows: the next {@link AuditExport#run} exports those that are left, and its last manifest says that it is the last. */
    public static void close(DataSource store) throws SQLException {
        execute(store, "SELECT bo.close_audit()");
    }

    /** Lets writers add rows again, after a destruction that did not come about. */
    public static void reopen(DataSource store) throws SQLException {
        execute(store, "SELECT bo.open_audit()");
    }

    private static void execute(DataSource store, String sql) throws SQLException {
        try (Connection connection = StoreCommits.connection(store);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

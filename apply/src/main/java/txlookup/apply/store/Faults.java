package txlookup.apply.store;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/**
 * Whose fault a failure of the store is, by SQLSTATE: an infrastructure fault is waited for and retried, a data fault
 * is set aside with its record, and neither ever becomes the other (architecture.md, invariant 6).
 */
public final class Faults {
    private Faults() {}

    /**
     * Whether waiting can help: connection lost or refused (08, 57), too busy or full (53), lock not available, deadlock
     * or serialization failure (40, 55P03), a transaction that stood still too long (25P03, a frozen process's), a server
     * that may only be read now (25006, a failover, or a disk that is nearly full), an I/O error (58), no connection from the
     * pool.
     */
    public static boolean isTransient(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientException
                || starts(state, "08")
                || starts(state, "40")
                || starts(state, "53")
                || starts(state, "57")
                || starts(state, "58")
                || "25006".equals(state)
                || "25P03".equals(state)
                || "55P03".equals(state);
    }

    /** Whether a value is at fault: a data exception (22), or a row too large for its table or index (54). */
    static boolean isData(SQLException e) {
        return starts(e.getSQLState(), "22") || starts(e.getSQLState(), "54");
    }

    private static boolean starts(@Nullable String state, String sqlClass) {
        return state != null && state.startsWith(sqlClass);
    }
}

package txlookup.apply.store.sql;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose fault a failure of the store is, by SQLSTATE: an infrastructure fault is waited for and retried, a data fault
 * is set aside with its record, and neither ever becomes the other (docs/architecture.md, invariant 6).
 */
public final class SqlErrors {
    public static final String LOCK_NOT_AVAILABLE = "55P03";

    /** A statement ran into {@code statement_timeout}, or somebody canceled it. */
    private static final String QUERY_CANCELED = "57014";

    private static final String UNIQUE_VIOLATION = "23505";

    // Beside lock_not_available: idle_in_transaction_session_timeout of a process that was frozen, and
    // read_only_sql_transaction of a server that is a standby for a moment, or whose disk is full on Azure.
    private static final Set<String> TRANSIENT = Set.of(LOCK_NOT_AVAILABLE, "25P03", "25006");

    private static final String INTERNAL_ERROR = "XX000";

    private static final Pattern LOST_SERVER = Pattern.compile(
            "SSL SYSCALL error|SSL connection has been closed|server closed the connection|connection not open"
                    + "|no connection to the server|could not (receive data from|send data to) server");

    private static final String RAISE_EXCEPTION = "P0001";

    private SqlErrors() {}

    /**
     * Whether waiting can help: connection lost or refused (08, 57), too busy or full (53), lock not available, deadlock
     * or serialization failure (40), a server that only reads for a while, an I/O error (58), no connection from the pool, a
     * server of a cluster that was lost.
     */
    public static boolean isTransient(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientException
                || starts(state, "08")
                || starts(state, "40")
                || starts(state, "53")
                || starts(state, "57")
                || starts(state, "58")
                || (state != null && TRANSIENT.contains(state))
                || isOfALostServer(e);
    }

    /** A server of a Citus cluster that ends during a statement says nothing, and the client library's words have no SQLSTATE. */
    private static boolean isOfALostServer(SQLException e) {
        return isUntold(e)
                && e.getMessage() != null
                && LOST_SERVER.matcher(e.getMessage()).find();
    }

    /**
     * Whether a value is at fault: a data exception (22), a row too large for its table or index (54), a constraint (23) or
     * a trigger that refuses it. A key that somebody else entered meanwhile is none of these.
     */
    public static boolean isData(SQLException e) {
        String state = e.getSQLState();
        return starts(state, "22")
                || starts(state, "54")
                || (starts(state, "23") && !UNIQUE_VIOLATION.equals(state))
                || RAISE_EXCEPTION.equals(state);
    }

    /** Whether nothing is known but that it failed: so Citus tells of a COPY that one of its servers refuses. */
    public static boolean isUntold(SQLException e) {
        return INTERNAL_ERROR.equals(e.getSQLState());
    }

    /** Whether the same rows in smaller parts may pass: one of them is refused, or all of them take too long. */
    public static boolean isOfItsSize(SQLException e) {
        return isData(e) || QUERY_CANCELED.equals(e.getSQLState());
    }

    private static boolean starts(@Nullable String state, String sqlClass) {
        return state != null && state.startsWith(sqlClass);
    }
}

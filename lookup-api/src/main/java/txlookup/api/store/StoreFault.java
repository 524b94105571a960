package txlookup.api.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Whose fault a failure of the store is. */
public final class StoreFault {
    /** Connection lost or refused; too busy or full; stopping, starting or out of time; an I/O error. */
    private static final Set<String> AWAY = Set.of("08", "53", "57", "58");

    /** A statement was cancelled, most often because it took too long. */
    private static final String CANCELLED = "57014";

    private StoreFault() {}

    /** Whether the store is away, so that asking again later can help. */
    public static boolean isAway(SQLException e) {
        String state = e.getSQLState();
        // HikariCP says by this type that the pool gave no connection in time, whatever state its last failure had.
        return e instanceof SQLTransientConnectionException
                || (state != null && state.length() == 5 && AWAY.contains(state.substring(0, 2)));
    }

    /** Whether it is away for every question, whatever is asked. */
    public static boolean isOutage(SQLException e) {
        return isAway(e) && !CANCELLED.equals(e.getSQLState());
    }
}

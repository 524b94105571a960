package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The right to load a generation, as long as the session that took it lives: a killed process gives it back by itself.
 */
public final class LoadLock implements AutoCloseable {
    /** Keeps these locks apart from everybody else's: "txlo" in ASCII. */
    private static final int SPACE = 0x74786c6f;

    private static final String TAKE = "SELECT pg_try_advisory_lock(?, hashint8(?))";

    private static final String HOLDER = """
            SELECT coalesce(client_addr::text, 'this machine') || ', since ' || to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS TZ')
            FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE locktype = 'advisory' AND classid = ? AND objid::bigint = hashint8(?)::bigint & 4294967295 AND granted""";

    private static final String RELEASE = "SELECT pg_advisory_unlock(?, hashint8(?))";

    private static final String IS_FREE = "SELECT pg_try_advisory_xact_lock(?, hashint8(?))";

    private final Connection connection;
    private final long generation;

    private LoadLock(Connection connection, long generation) {
        this.connection = connection;
        this.generation = generation;
    }

    /**
     * Takes the lock.
     *
     * @throws IllegalStateException when another session has it
     */
    public static LoadLock take(DataSource connections, long generation) throws SQLException {
        Connection connection = connections.getConnection();
        try {
            if (ask(connection, TAKE, generation)) {
                connection.commit();
                return new LoadLock(connection, generation);
            }
            String holder = holder(connection, generation);
            connection.rollback();
            throw new IllegalStateException(
                    "Another backfill of generation %d is running (a session from %s); let it end, or end it, and run this one again"
                            .formatted(generation, holder));
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether nobody loads a generation; it stays so until the connection's transaction ends. */
    static boolean isFree(Connection connection, long generation) throws SQLException {
        return ask(connection, IS_FREE, generation);
    }

    private static boolean ask(Connection connection, String sql, long generation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, SPACE);
            statement.setLong(2, generation);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static String holder(Connection connection, long generation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLDER)) {
            statement.setInt(1, SPACE);
            statement.setLong(2, generation);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "an unknown place";
            }
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            ask(connection, RELEASE, generation);
            connection.commit();
        }
    }
}

package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger log = LoggerFactory.getLogger(LoadLock.class);

    private static final int VALID_WITHIN_SECONDS = 5;

    private final DataSource connections;
    private final long generation;
    private Connection connection;

    private LoadLock(DataSource connections, Connection connection, long generation) {
        this.connections = connections;
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
                return new LoadLock(connections, connection, generation);
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

    /**
     * Takes the lock again where its session ended with the server. While another session has it, perhaps this load's own
     * that the server has not given up yet, the load goes on without: should another load begin, its claims fence this one.
     */
    public synchronized void renew() throws SQLException {
        if (connection.isValid(VALID_WITHIN_SECONDS)) {
            return;
        }
        giveUp(connection);
        connection = connections.getConnection();
        if (!ask(connection, TAKE, generation)) {
            log.warn(
                    "The lock of the load of generation {} was lost with its session, and a session from {} has it now",
                    generation,
                    holder(connection, generation));
        }
        connection.commit();
    }

    private static void giveUp(Connection broken) {
        try {
            broken.close();
        } catch (SQLException e) {
            log.debug("The lock's session was over already: {}", e.getMessage());
        }
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

    /** Gives it back; where its session is over, it is given back already. */
    @Override
    public synchronized void close() {
        try (Connection session = connection) {
            ask(session, RELEASE, generation);
            session.commit();
        } catch (SQLException e) {
            log.info("The lock of the load of generation {} ended with its session: {}", generation, e.getMessage());
        }
    }
}

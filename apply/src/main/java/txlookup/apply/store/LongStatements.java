package txlookup.apply.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * A connection for statements that take as long as they take, such as making an index: the pool's limits are off until it
 * goes back. A server that vanishes is still noticed, by TCP.
 */
final class LongStatements implements AutoCloseable {
    // The check ends what a killed client left running: its locks would hold up the run that goes on.
    private static final String NO_LIMIT = "SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB';"
            + " SET LOCAL work_mem = '128MB'; SET LOCAL client_connection_check_interval = '1s'";

    private final Connection connection;
    private final int networkTimeout;

    LongStatements(DataSource connections) throws SQLException {
        connection = connections.getConnection();
        networkTimeout = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 0);
        begin();
    }

    /** Begins a transaction without limits; call again after each commit or rollback. */
    void begin() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(NO_LIMIT);
        }
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
            }
        }
    }
}

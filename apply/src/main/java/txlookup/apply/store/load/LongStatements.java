package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import txlookup.apply.store.sql.Statements;

/**
 * A connection for statements that take as long as they take, such as making an index, each in a transaction of its own:
 * the pool's limits are off until it goes back. A server that vanishes is still noticed, by TCP.
 */
final class LongStatements implements AutoCloseable {
    // The check ends what a killed client left running: its locks would hold up the run that resumes.
    private static final String NO_LIMIT = "SET statement_timeout = 0; SET client_connection_check_interval = '1s';"
            + " SET work_mem = '128MB'; SET maintenance_work_mem = '%dMB'";

    private static final String LIMIT = "SELECT current_setting('statement_timeout')";

    private static final String LIMITED = "SET statement_timeout = '%s'; RESET client_connection_check_interval;"
            + " RESET work_mem; RESET maintenance_work_mem";

    private final Connection connection;
    private final int networkTimeout;
    private final String limit;

    /** @param sortMegabytes how much memory making an index may take */
    LongStatements(DataSource connections, long sortMegabytes) throws SQLException {
        connection = connections.getConnection();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            networkTimeout = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, 0);
            try (ResultSet row = statement.executeQuery(LIMIT)) {
                row.next();
                limit = row.getString(1);
            }
            statement.execute(NO_LIMIT.formatted(sortMegabytes));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (!connection.isClosed()) {
                Statements.execute(connection, LIMITED.formatted(limit));
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
            }
        }
    }
}

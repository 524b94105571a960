package txlookup.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A session's timeouts, changed for a while. A pool sets its own per connection, so RESET would not bring them back. */
final class SessionBounds implements AutoCloseable {
    /** CREATE INDEX CONCURRENTLY waits for every older transaction under it, and keeps nobody waiting meanwhile. */
    static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);

    private static final String READ = "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')";
    private static final String WRITE =
            "SELECT set_config('lock_timeout', ?, false), set_config('statement_timeout', ?, false)";

    private final Connection connection;
    private final String lockTimeout;
    private final String statementTimeout;

    private SessionBounds(Connection connection, String lockTimeout, String statementTimeout) {
        this.connection = connection;
        this.lockTimeout = lockTimeout;
        this.statementTimeout = statementTimeout;
    }

    static SessionBounds outsideTransactions(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(READ)) {
            found.next();
            SessionBounds before = new SessionBounds(connection, found.getString(1), found.getString(2));
            set(connection, LOCK_TIMEOUT.toMillis() + "ms", Migrations.LONGEST_STATEMENT.toMillis() + "ms");
            return before;
        }
    }

    private static void set(Connection connection, String lockTimeout, String statementTimeout) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setString(1, lockTimeout);
            statement.setString(2, statementTimeout);
            statement.execute();
        }
    }

    /** Sets them as they were; a session that has ended has none. */
    @Override
    public void close() throws SQLException {
        if (!connection.isClosed()) {
            set(connection, lockTimeout, statementTimeout);
        }
    }
}

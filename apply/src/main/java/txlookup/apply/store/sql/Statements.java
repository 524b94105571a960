package txlookup.apply.store.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/** Single statements, and several in one transaction. */
public final class Statements {
    private static final String NOW = "SELECT now()";

    private Statements() {}

    /** What is done in a transaction. */
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Does all of it, or none of it and throws. */
    public static <T> T inOneTransaction(DataSource connections, Work<T> work) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try {
                T done = work.run(connection);
                connection.commit();
                return done;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    public static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    public static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /** After a failure, which stays the one to tell. */
    public static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is broken; the server rolls back by itself, and the first failure is the one to tell.
            cause.addSuppressed(e);
        }
    }
}

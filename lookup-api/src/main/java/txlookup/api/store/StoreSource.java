package txlookup.api.store;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to the store whose search path is what it should be, and which are prepared before anybody gets them.
 * Driver options in the URL win over these properties.
 */
final class StoreSource implements DataSource {
    private final String jdbcUrl;
    private final Properties properties;
    private final String searchPath;
    private final Preparation preparation;
    private int loginTimeout;

    /** What each new connection is made ready with. */
    @FunctionalInterface
    public interface Preparation {
        void of(Connection connection) throws SQLException;
    }

    StoreSource(String jdbcUrl, Properties properties, String searchPath, Preparation preparation) {
        this.jdbcUrl = jdbcUrl;
        this.properties = properties;
        this.searchPath = searchPath;
        this.preparation = preparation;
        properties.setProperty("currentSchema", searchPath);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = DriverManager.getConnection(jdbcUrl, properties);
        boolean ready = false;
        try {
            requirePath(connection);
            preparation.of(connection);
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    /** A proxy that shares connections between clients loses what a client said at its start: one would read another's rows. */
    private void requirePath(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('search_path')")) {
            row.next();
            String seen = row.getString(1);
            if (!searchPath.equals(seen)) {
                throw new SQLException(
                        "The search path is %s and not %s. Connect to the server itself, not through a proxy that shares connections, and name no currentSchema in the URL."
                                .formatted(seen, searchPath),
                        "3F000");
            }
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user is given once, for all connections");
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
        properties.setProperty("loginTimeout", Integer.toString(seconds));
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("the driver logs by itself");
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("the driver logs by itself");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("it wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}

package txlookup.local.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** An empty database of a test's own, with the credentials of its server's superuser. */
public record TestDatabase(String name, String jdbcUrl, String user, String password) {
    /** A new connection, which the caller closes. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, user, password);
    }
}

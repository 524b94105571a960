package txlookup.local.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** An empty database of a test's own, with the credentials of its server's superuser. */
public record TestDatabase(String name, String jdbcUrl, String user, String password) {
    /** New connections, one a call. */
    public DataSource connections() {
        PGSimpleDataSource connections = new PGSimpleDataSource();
        connections.setUrl(jdbcUrl);
        connections.setUser(user);
        connections.setPassword(password);
        return connections;
    }

    /** A new connection, which the caller closes. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, user, password);
    }
}

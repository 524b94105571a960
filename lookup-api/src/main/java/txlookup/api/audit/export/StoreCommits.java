package txlookup.api.audit.export;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Connections on which each statement commits, whatever their pool does by default. */
final class StoreCommits {
    private StoreCommits() {}

    static Connection connection(DataSource store) throws SQLException {
        Connection connection = store.getConnection();
        try {
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}

package txlookup.apply.generation.process;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Where the processes answer that work on what serves. */
public final class ServingProcesses {
    private static final String ADDRESSES = """
            SELECT p.address FROM bo.process AS p CROSS JOIN bo.serving AS s
            WHERE p.kind = ? AND p.address IS NOT NULL AND p.heartbeat_at > clock_timestamp() - interval '5 s'
              AND s.generation <> ? AND (p.generation IS NULL OR p.generation = s.generation)
            ORDER BY p.address""";

    private final DataSource connections;
    private final long but;

    /** @param but a generation of which nothing is told, should it serve */
    public ServingProcesses(DataSource connections, long but) {
        this.connections = connections;
        this.but = but;
    }

    /** The live API processes, as host and port. */
    public List<String> api() throws SQLException {
        return addresses("API");
    }

    /** The live consumers of what serves, as host and port. */
    public List<String> consumers() throws SQLException {
        return addresses("CONSUMER");
    }

    private List<String> addresses(String kind) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(ADDRESSES)) {
            statement.setString(1, kind);
            statement.setLong(2, but);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            connection.rollback();
        }
        return found;
    }
}

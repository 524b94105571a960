package txlookup.rebuild.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What a rebuild asks the tables of its own generation: read-only, one statement a question. */
public final class GenerationReads {
    private static final String STOPPED = """
            SELECT name || '-' || partition || ': ' || stopped_reason
            FROM coverage WHERE kind = 'STREAM' AND stopped_at IS NOT NULL ORDER BY name, partition""";

    private final DataSource connections;

    /** @param connections of the generation */
    public GenerationReads(DataSource connections) {
        this.connections = connections;
    }

    /** The partitions that are stopped, each with its reason. */
    public List<String> stopped() throws SQLException {
        return strings(STOPPED);
    }

    private List<String> strings(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            List<String> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            connection.rollback();
            return found;
        }
    }
}

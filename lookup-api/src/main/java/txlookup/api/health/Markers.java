package txlookup.api.health;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The gate's marker events as far as they are visible. */
final class Markers {
    private static final String PASSED = """
            SELECT name, partition, sequence, canary.markers FROM canary JOIN coverage USING (source_id)
            WHERE run = ? ORDER BY name, partition""";

    static final Visible NONE = new Visible(List.of());

    private Markers() {}

    /** @param partitions those in which at least one marker of the run is visible */
    record Visible(List<Partition> partitions) {}

    /**
     * How far they are visible in one partition.
     *
     * @param sequence the newest one's number
     * @param markers how many
     */
    record Partition(String topic, int partition, long sequence, long markers) {}

    static Visible visible(DataSource database, String run) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(PASSED)) {
            statement.setString(1, run);
            List<Partition> partitions = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    partitions.add(new Partition(row.getString(1), row.getInt(2), row.getLong(3), row.getLong(4)));
                }
            }
            return new Visible(partitions);
        }
    }
}

package txlookup.api;

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
            WHERE generation = ? AND run = ? ORDER BY name, partition""";

    private final DataSource database;

    Markers(DataSource database) {
        this.database = database;
    }

    /** @param partitions those in which at least one marker of the run is visible */
    record Visible(List<Partition> partitions) {}

    /**
     * How far they are visible in one partition.
     *
     * @param sequence the newest one's number
     * @param markers how many
     */
    record Partition(String topic, int partition, long sequence, long markers) {}

    Visible visible(long generation, String run) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(PASSED)) {
            statement.setLong(1, generation);
            statement.setString(2, run);
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

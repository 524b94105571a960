package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import txlookup.apply.Snapshot;

/**
 * A table that snapshots reach by COPY into a temporary staging table and one set-based merge: no statement a record.
 *
 * @param create makes the staging table; run once for each connection
 * @param copy the COPY into it
 * @param merge moves what is newer from staging into the table; its one parameter is the source; answers how many rows
 *     were written, and how many of the others the table already held with the same content
 * @param writer writes one row in the columns of {@code copy}
 */
record StagedTable<T extends Snapshot>(String create, String copy, String merge, BinaryCopy.RowWriter<T> writer) {
    /**
     * @param applied rows inserted or replaced
     * @param duplicate rows not written because the same content is there
     */
    record Merged(int applied, int duplicate) {}

    Merged merge(Connection connection, int sourceId, List<T> snapshots) throws SQLException {
        if (snapshots.isEmpty()) {
            return new Merged(0, 0);
        }
        new BinaryCopy().send(connection, copy, snapshots, writer);
        try (PreparedStatement statement = connection.prepareStatement(merge)) {
            statement.setInt(1, sourceId);
            try (ResultSet counts = statement.executeQuery()) {
                counts.next();
                return new Merged(counts.getInt(1), counts.getInt(2));
            }
        }
    }
}

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
 * @param merge moves what is newer from staging into the table; its one parameter is the source
 * @param held how many of the staged rows the table holds with the same content
 * @param writer writes one row in the columns of {@code copy}
 */
record StagedTable<T extends Snapshot>(
        String create, String copy, String merge, String held, BinaryCopy.RowWriter<T> writer) {
    /**
     * @param applied rows inserted or replaced
     * @param duplicate rows not written because the same content is there
     */
    record Merged(int applied, int duplicate) {}

    Merged merge(Connection connection, int sourceId, List<T> snapshots) throws SQLException {
        if (snapshots.isEmpty()) {
            return new Merged(0, 0);
        }
        // Staged rows lie in the order of their keys, so concurrent merges lock in one order and cannot deadlock.
        List<T> inOrder = snapshots.stream().sorted(Snapshot.BY_KEY).toList();
        new BinaryCopy().send(connection, copy, inOrder, writer);
        try (PreparedStatement statement = connection.prepareStatement(merge)) {
            statement.setInt(1, sourceId);
            int applied = statement.executeUpdate();
            // Asked only when there can be some: most callers know that all of theirs win.
            return new Merged(applied, applied == snapshots.size() ? 0 : held(connection) - applied);
        }
    }

    private int held(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(held);
                ResultSet count = statement.executeQuery()) {
            count.next();
            return count.getInt(1);
        }
    }
}

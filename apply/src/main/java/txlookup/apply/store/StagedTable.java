package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A table that rows reach by COPY into a temporary staging table and one set-based merge: no statement a record.
 *
 * @param create makes the staging table; run once for each connection
 * @param copy the COPY into it, of rows as they are copied into the table itself
 * @param merge moves what is newer from staging into the table
 * @param held how many of the staged rows the table holds with the same content
 */
record StagedTable(String create, String copy, String merge, String held) {
    /**
     * @param applied rows inserted or replaced
     * @param duplicate rows not written because the same content is there
     */
    record Merged(int applied, int duplicate) {
        static final Merged NOTHING = new Merged(0, 0);
    }

    /** Merges the rows with the numbers {@code which}, each with that {@code beginning}. */
    Merged merge(Connection connection, EncodedRows<?> rows, int[] which, byte[] beginning) throws SQLException {
        if (which.length == 0) {
            return Merged.NOTHING;
        }
        // Staged rows lie in the order of their keys, so concurrent merges lock in one order and cannot deadlock.
        rows.stage(connection, copy, which, beginning);
        try (PreparedStatement statement = connection.prepareStatement(merge)) {
            int applied = statement.executeUpdate();
            // Asked only when there can be some: most callers know that all of theirs win.
            return new Merged(applied, applied == which.length ? 0 : held(connection) - applied);
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

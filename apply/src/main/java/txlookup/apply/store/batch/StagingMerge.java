package txlookup.apply.store.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import txlookup.apply.store.pairing.DuePairings;

/**
 * A table that rows reach by COPY into a temporary staging table and one set-based merge: no statement a record.
 *
 * @param name the staging table
 * @param create makes it; run once for each connection
 * @param copy the COPY into it, of rows as they are copied into the table itself
 * @param merge moves what is newer from staging into the table; gives how many rows, and which payments they left
 * @param outcome counts the staged rows whose content the table holds, and those that it holds newer ones of
 */
public record StagingMerge(String name, String create, String copy, String merge, String outcome) {
    /**
     * What became of rows, each counted by itself, so that the sum can fail.
     *
     * @param applied rows inserted or replaced
     * @param stale rows not written because a newer one is there
     * @param duplicate rows not written because the same content is there
     */
    public record Merged(int applied, int stale, int duplicate) {
        public static final Merged NOTHING = new Merged(0, 0, 0);

        public Merged plus(Merged other) {
            return new Merged(applied + other.applied, stale + other.stale, duplicate + other.duplicate);
        }
    }

    /** Empties the staging table, as the end of a transaction does. */
    String empty() {
        return "DELETE FROM pg_temp." + name;
    }

    /**
     * Merges the rows that are staged.
     *
     * @param staged how many they are
     * @param due gets the payments that an entry left for another
     */
    Merged merge(Connection connection, int staged, DuePairings due) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(merge);
                ResultSet merged = statement.executeQuery()) {
            merged.next();
            int applied = merged.getInt(1);
            due.left(merged.getArray(2));
            // Asked only when there can be some: most callers know that all of theirs win.
            return applied == staged ? new Merged(applied, 0, 0) : outcome(connection, applied);
        }
    }

    private Merged outcome(Connection connection, int applied) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(outcome);
                ResultSet counts = statement.executeQuery()) {
            counts.next();
            return new Merged(applied, counts.getInt(2), counts.getInt(1) - applied);
        }
    }
}

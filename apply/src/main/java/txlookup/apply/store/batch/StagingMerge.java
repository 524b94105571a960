package txlookup.apply.store.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import txlookup.apply.store.pairing.DuePairings;

/**
 * A table that rows reach by COPY into a temporary staging table and one set-based merge: no statement a record.
 *
 * @param name the staging table
 * @param create makes it; run once for each connection
 * @param copy the COPY into it, of rows as they are copied into the table itself
 * @param merge moves what is newer from staging into the table; gives of each row its key, and the payment that it left or null
 */
public record StagingMerge(String name, String create, String copy, String merge) {
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
     * Merges the rows that are staged. They are counted as they come back: of a table that is spread over several servers
     * the server counts rows that it did not write.
     *
     * @param due gets the payments that an entry left for another
     * @return the keys of the rows that won
     */
    Set<String> merge(Connection connection, DuePairings due) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(merge);
                ResultSet won = statement.executeQuery()) {
            Set<String> keys = new HashSet<>();
            while (won.next()) {
                keys.add(won.getString(1));
                due.left(won.getString(2));
            }
            return keys;
        }
    }
}

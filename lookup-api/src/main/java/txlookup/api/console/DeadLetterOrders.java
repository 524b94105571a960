package txlookup.api.console;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Orders what becomes of dead letters. A replay waits in the store for a consumer of its generation, for no one here may
 * write what is looked up; a discard is done at once. Each is one transaction, with a row that says who and why.
 */
final class DeadLetterOrders {
    /** Replays after which a dead letter is left alone unless it is named by its number, as the writers have it. */
    static final int MOST_ATTEMPTS = 5;

    private static final String INSERT = """
            INSERT INTO bo.dead_letter_run
                (generation, action, actor, note, dry_run, only_ids, only_reason, only_source, runner, ended_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN clock_timestamp() END) RETURNING run_id""";

    private static final String SELECTED = """
            coverage.generation = ? AND (?::bigint[] IS NULL OR dead_letter_id = ANY (?))
              AND (?::text IS NULL OR dead_letter.reason = ?) AND (?::text IS NULL OR coverage.name = ?)
              AND dead_letter.state = 'OPEN'""";

    private static final String CHOOSE = """
            UPDATE bo.dead_letter SET state = 'REPLAYING', run_id = ?
            FROM bo.coverage WHERE coverage.source_id = dead_letter.source_id AND %s
              AND (?::bigint[] IS NOT NULL OR dead_letter.attempts < %d)""".formatted(SELECTED, MOST_ATTEMPTS);

    private static final String DISCARD = """
            UPDATE bo.dead_letter
            SET state = 'DISCARDED', run_id = ?, settled_at = clock_timestamp(), settled_by = ?, note = ?
            FROM bo.coverage WHERE coverage.source_id = dead_letter.source_id AND %s""".formatted(SELECTED);

    private static final String COUNT = """
            UPDATE bo.dead_letter_run SET selected = ?, discarded = ? WHERE run_id = ?""";

    private final DataSource database;

    /** @param database connections that may write */
    DeadLetterOrders(DataSource database) {
        this.database = database;
    }

    /** An order's number, and how many dead letters it is about by now; a trial chooses none. */
    record Ordered(long runId, int chosen) {}

    /** Orders a replay that keeps nothing, to see what one would come to. */
    Ordered trial(DeadLetterSelection selection, String actor) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return new Ordered(insert(connection, "REPLAY", selection, actor, null, true), 0);
        }
    }

    /** Orders a replay; from then on what it chose counts for it. */
    Ordered replay(DeadLetterSelection selection, String actor) throws SQLException {
        return inOneTransaction(connection -> {
            long run = insert(connection, "REPLAY", selection, actor, null, false);
            try (PreparedStatement statement = connection.prepareStatement(CHOOSE)) {
                statement.setLong(1, run);
                int next = bind(statement, 2, selection);
                statement.setArray(next, idsOrNull(connection, selection));
                return counted(connection, run, statement.executeUpdate(), false);
            }
        });
    }

    /** Discards open dead letters, all or none. */
    Ordered discard(DeadLetterSelection selection, String actor, String note) throws SQLException {
        return inOneTransaction(connection -> {
            long run = insert(connection, "DISCARD", selection, actor, note, false);
            try (PreparedStatement statement = connection.prepareStatement(DISCARD)) {
                statement.setLong(1, run);
                statement.setString(2, actor);
                statement.setString(3, note);
                bind(statement, 4, selection);
                return counted(connection, run, statement.executeUpdate(), true);
            }
        });
    }

    @FunctionalInterface
    private interface Work {
        Ordered in(Connection connection) throws SQLException;
    }

    private Ordered inOneTransaction(Work work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Ordered ordered = work.in(connection);
            connection.commit();
            return ordered; // not committed, closing the connection rolls back
        }
    }

    private static long insert(
            Connection connection,
            String action,
            DeadLetterSelection selection,
            String actor,
            @Nullable String note,
            boolean dryRun)
            throws SQLException {
        boolean atOnce = action.equals("DISCARD");
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setLong(1, selection.generation());
            statement.setString(2, action);
            statement.setString(3, actor);
            statement.setString(4, note);
            statement.setBoolean(5, dryRun);
            statement.setArray(6, idsOrNull(connection, selection));
            statement.setString(7, selection.reason());
            statement.setString(8, selection.source());
            statement.setString(9, atOnce ? actor : null);
            statement.setBoolean(10, atOnce);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Ordered counted(Connection connection, long run, int chosen, boolean discarded) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setLong(1, chosen);
            statement.setLong(2, discarded ? chosen : 0);
            statement.setLong(3, run);
            statement.executeUpdate();
            return new Ordered(run, chosen);
        }
    }

    private static int bind(PreparedStatement statement, int first, DeadLetterSelection selection) throws SQLException {
        Array ids = idsOrNull(statement.getConnection(), selection);
        statement.setLong(first, selection.generation());
        statement.setArray(first + 1, ids);
        statement.setArray(first + 2, ids);
        statement.setString(first + 3, selection.reason());
        statement.setString(first + 4, selection.reason());
        statement.setString(first + 5, selection.source());
        statement.setString(first + 6, selection.source());
        return first + 7;
    }

    private static @Nullable Array idsOrNull(Connection connection, DeadLetterSelection selection) throws SQLException {
        return selection.ids().isEmpty()
                ? null
                : connection.createArrayOf("bigint", selection.ids().toArray());
    }
}

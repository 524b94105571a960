package txlookup.api.console.deadletter;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Orders what becomes of dead letters. A replay waits in the store for a consumer of its generation, for no one here may
 * write what is looked up; a discard is done at once. Each is one transaction, with a row that says who and why, and an order
 * of the same kind for each other generation that takes events.
 */
final class DeadLetterOrders {
    private static final String INSERT = """
            INSERT INTO dead_letter_run
                (action, actor, note, dry_run, only_ids, only_reason, only_source, runner, ended_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN clock_timestamp() END) RETURNING run_id""";

    private static final String IN_EACH_GENERATION = "SELECT bo.order_in_each_live_generation(current_schema(), ?)";

    private static final String END_ACT =
            "SELECT bo.end_order(act_id, failure) FROM dead_letter_run WHERE run_id = ? AND act_id IS NOT NULL";

    private static final String DISCARD = """
            UPDATE dead_letter
            SET state = 'DISCARDED', run_id = ?, settled_at = clock_timestamp(), settled_by = ?, note = ?
            WHERE dead_letter_id = ANY (?) AND state IN ('OPEN', 'REPLAYING')""";

    private static final String COUNT = """
            UPDATE dead_letter_run SET selected = ?, discarded = ? WHERE run_id = ?""";

    private final DataSource database;

    /** @param database connections on the generation that may write */
    DeadLetterOrders(DataSource database) {
        this.database = database;
    }

    /** An order's number, and how many dead letters it names; none where all that match are meant. */
    record Ordered(long runId, int chosen) {}

    /** Orders a replay that keeps nothing, to see what one would come to. */
    Ordered trial(DeadLetterFilter selection, String actor) throws SQLException {
        return forAConsumer(selection, actor, true);
    }

    /** Orders a replay. */
    Ordered replay(DeadLetterFilter selection, String actor) throws SQLException {
        return forAConsumer(selection, actor, false);
    }

    private Ordered forAConsumer(DeadLetterFilter selection, String actor, boolean dryRun) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            long run = insert(connection, "REPLAY", selection, actor, null, dryRun);
            if (!dryRun) {
                execute(connection, IN_EACH_GENERATION, run);
            }
            connection.commit();
            return new Ordered(run, selection.ids().size());
        }
    }

    /** Discards open dead letters by their numbers, all or none. */
    Ordered discard(DeadLetterFilter selection, String actor, String note) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            long run = insert(connection, "DISCARD", selection, actor, note, false);
            execute(connection, IN_EACH_GENERATION, run);
            try (PreparedStatement statement = connection.prepareStatement(DISCARD)) {
                statement.setLong(1, run);
                statement.setString(2, actor);
                statement.setString(3, note);
                statement.setArray(4, idsOrNull(connection, selection));
                Ordered ordered = counted(connection, run, statement.executeUpdate());
                execute(connection, END_ACT, run);
                connection.commit();
                return ordered; // not committed, closing the connection rolls back
            }
        }
    }

    private static long insert(
            Connection connection,
            String action,
            DeadLetterFilter selection,
            String actor,
            @Nullable String note,
            boolean dryRun)
            throws SQLException {
        boolean atOnce = action.equals("DISCARD");
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, action);
            statement.setString(2, actor);
            statement.setString(3, note);
            statement.setBoolean(4, dryRun);
            statement.setArray(5, idsOrNull(connection, selection));
            statement.setString(6, selection.reason());
            statement.setString(7, selection.source());
            statement.setString(8, atOnce ? actor : null);
            statement.setBoolean(9, atOnce);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Ordered counted(Connection connection, long run, int discarded) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setLong(1, discarded);
            statement.setLong(2, discarded);
            statement.setLong(3, run);
            statement.executeUpdate();
            return new Ordered(run, discarded);
        }
    }

    private static void execute(Connection connection, String sql, long run) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, run);
            statement.execute();
        }
    }

    private static @Nullable Array idsOrNull(Connection connection, DeadLetterFilter selection) throws SQLException {
        return selection.ids().isEmpty()
                ? null
                : connection.createArrayOf("bigint", selection.ids().toArray());
    }
}

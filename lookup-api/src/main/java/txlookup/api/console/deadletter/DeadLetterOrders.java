package txlookup.api.console.deadletter;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import txlookup.api.web.ProblemException;

/**
 * Orders what becomes of dead letters. A replay waits in the store for a consumer of its generation, for no one here may
 * write what is looked up; a discard is done at once, or when a second person confirms it ({@link SecondPerson}). Each is one transaction, with a row that says who and why, and an order
 * of the same kind for each other generation that takes events.
 */
final class DeadLetterOrders {
    private static final String INSERT = """
            INSERT INTO dead_letter_run (action, actor, note, idempotency_key, dry_run, patch, only_ids, only_reason,
                only_source, takes_two, runner, ended_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN clock_timestamp() END)
            ON CONFLICT ON CONSTRAINT dead_letter_run_idempotency_key DO NOTHING RETURNING run_id""";

    private static final String REPEAT_TRIAL = """
            INSERT INTO dead_letter_run (action, actor, note, idempotency_key, trial_id, patch, only_ids)
            SELECT 'REPLAY', ?, ?, ?, trial.run_id, trial.patch, ARRAY(
                SELECT dead_letter_id FROM dead_letter_trial AS tried WHERE tried.run_id = trial.run_id
                ORDER BY dead_letter_id)
            FROM dead_letter_run AS trial WHERE trial.run_id = ?
            ON CONFLICT ON CONSTRAINT dead_letter_run_idempotency_key DO NOTHING RETURNING run_id""";

    private static final String OF_KEY = """
            SELECT run_id, action = ? AND dry_run = ? AND actor = ? AND trial_id IS NOT DISTINCT FROM ?
                AND (trial_id IS NOT NULL OR only_ids IS NOT DISTINCT FROM ? AND only_reason IS NOT DISTINCT FROM ?
                    AND only_source IS NOT DISTINCT FROM ? AND patch IS NOT DISTINCT FROM ?)
            FROM dead_letter_run WHERE idempotency_key = ?""";

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

    /**
     * Who places an order, and how.
     *
     * @param key the same key is the same order; null where it is one of its own
     */
    record Placing(
            String actor, @Nullable String note, @Nullable String key) {
        static Placing by(String actor) {
            return new Placing(actor, null, null);
        }
    }

    /** Whatever makes an order the same as another. */
    private record Order(
            String action,
            boolean dryRun,
            @Nullable Long trial,
            DeadLetterFilter selection,
            @Nullable String patch,
            boolean takesTwo) {
        boolean isAtOnce() {
            return action.equals("DISCARD") && !takesTwo;
        }

        /** Whether other generations carry it out as well, from now on. */
        boolean holdsEverywhere() {
            return !dryRun && !takesTwo;
        }
    }

    /**
     * Orders a replay that keeps nothing, to see what one would come to.
     *
     * @param patch what is tried in the place of the one dead letter's value; null for its value
     */
    Ordered trial(DeadLetterFilter selection, @Nullable String patch, Placing placing) throws SQLException {
        return place(new Order("REPLAY", true, null, selection, patch, false), placing);
    }

    /** Orders a replay of exactly the dead letters that a trial tried, with its patch. */
    Ordered replay(long trial, Placing placing) throws SQLException {
        return place(
                new Order("REPLAY", false, trial, new DeadLetterFilter(List.of(), null, null), null, false), placing);
    }

    /** DiscardRule open dead letters by their numbers, all or none. */
    Ordered discard(DeadLetterFilter selection, Placing placing) throws SQLException {
        return place(new Order("DISCARD", false, null, selection, null, false), placing);
    }

    /** Orders a discard that waits for a second person. */
    Ordered propose(DeadLetterFilter selection, Placing placing) throws SQLException {
        return place(new Order("DISCARD", false, null, selection, null, true), placing);
    }

    private Ordered place(Order order, Placing placing) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Optional<Long> placed = insert(connection, order, placing);
            if (placed.isEmpty()) {
                return new Ordered(ofKey(connection, order, placing), 0);
            }
            long run = placed.get();
            if (order.holdsEverywhere()) {
                execute(connection, IN_EACH_GENERATION, run);
            }
            Ordered ordered = order.isAtOnce()
                    ? discarded(connection, run, order.selection(), placing.actor(), placing.note())
                    : new Ordered(run, order.selection().ids().size());
            connection.commit();
            return ordered; // not committed, closing the connection rolls back
        }
    }

    /** Carries out an order that a second person confirmed, in that one's transaction. */
    static Ordered discardEverywhere(
            Connection connection, long run, DeadLetterFilter selection, String people, @Nullable String note)
            throws SQLException {
        execute(connection, IN_EACH_GENERATION, run);
        return discarded(connection, run, selection, people, note);
    }

    private static Ordered discarded(
            Connection connection, long run, DeadLetterFilter selection, String people, @Nullable String note)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DISCARD)) {
            statement.setLong(1, run);
            statement.setString(2, people);
            statement.setString(3, note);
            statement.setArray(4, idsOrNull(connection, selection));
            Ordered ordered = counted(connection, run, statement.executeUpdate());
            execute(connection, END_ACT, run);
            return ordered;
        }
    }

    /** Empty where an order of that key is there. */
    private static Optional<Long> insert(Connection connection, Order order, Placing placing) throws SQLException {
        DeadLetterFilter selection = order.selection();
        try (PreparedStatement statement = connection.prepareStatement(order.trial() == null ? INSERT : REPEAT_TRIAL)) {
            if (order.trial() != null) {
                statement.setString(1, placing.actor());
                statement.setString(2, placing.note());
                statement.setString(3, placing.key());
                statement.setLong(4, order.trial());
            } else {
                statement.setString(1, order.action());
                statement.setString(2, placing.actor());
                statement.setString(3, placing.note());
                statement.setString(4, placing.key());
                statement.setBoolean(5, order.dryRun());
                statement.setString(6, order.patch());
                statement.setArray(7, idsOrNull(connection, selection));
                statement.setString(8, selection.reason());
                statement.setString(9, selection.source());
                statement.setBoolean(10, order.takesTwo());
                statement.setString(11, order.isAtOnce() ? placing.actor() : null);
                statement.setBoolean(12, order.isAtOnce());
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    /** @throws ProblemException 409 when the key was used for another order */
    private static long ofKey(Connection connection, Order order, Placing placing) throws SQLException {
        DeadLetterFilter selection = order.selection();
        try (PreparedStatement statement = connection.prepareStatement(OF_KEY)) {
            statement.setString(1, order.action());
            statement.setBoolean(2, order.dryRun());
            statement.setString(3, placing.actor());
            statement.setObject(4, order.trial(), Types.BIGINT);
            statement.setArray(5, idsOrNull(connection, selection));
            statement.setString(6, selection.reason());
            statement.setString(7, selection.source());
            statement.setString(8, order.patch());
            statement.setString(9, placing.key());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || !row.getBoolean(2)) {
                    throw new ProblemException(
                            HttpStatus.CONFLICT, "the key was used for another order; take a new one", Map.of());
                }
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

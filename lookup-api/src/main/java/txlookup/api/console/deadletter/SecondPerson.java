package txlookup.api.console.deadletter;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import txlookup.api.console.deadletter.DeadLetterOrders.Ordered;
import txlookup.api.web.ProblemException;

/**
 * Confirms or declines a discard that one person ordered. The row is locked meanwhile, and the table itself takes no second
 * person who is the first one.
 */
final class SecondPerson {
    private static final String LOCK = """
            SELECT actor, note, second_actor, takes_two, ended_at IS NOT NULL AS ended, failure, only_ids FROM dead_letter_run
            WHERE run_id = ? FOR UPDATE""";

    private static final String CONFIRM = """
            UPDATE dead_letter_run SET second_actor = ?, runner = ?, ended_at = clock_timestamp() WHERE run_id = ?""";

    private static final String DECLINE = """
            UPDATE dead_letter_run SET failure = ?, ended_at = clock_timestamp() WHERE run_id = ?""";

    private final DataSource database;

    /** @param database connections on the generation that may write */
    SecondPerson(DataSource database) {
        this.database = database;
    }

    private record Proposed(
            String actor,
            @Nullable String note,
            @Nullable String second,
            boolean takesTwo,
            boolean ended,
            @Nullable String failure,
            List<Long> ids) {}

    /**
     * DiscardRule what the first person chose, as far as it is still open. The same person may confirm twice: it is done once.
     *
     * @throws ProblemException 403 to the person who ordered it, 409 when it has ended or takes no second person
     */
    Ordered confirm(long run, String actor) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Proposed proposed = lock(connection, run);
            if (actor.equals(proposed.second())) {
                return new Ordered(run, 0);
            }
            requireOpen(run, proposed);
            if (actor.equals(proposed.actor())) {
                throw new ProblemException(
                        HttpStatus.FORBIDDEN, "the person who ordered a discard cannot confirm it as well", Map.of());
            }
            try (PreparedStatement statement = connection.prepareStatement(CONFIRM)) {
                statement.setString(1, actor);
                statement.setString(2, actor);
                statement.setLong(3, run);
                statement.executeUpdate();
            }
            Ordered ordered = DeadLetterOrders.discardEverywhere(
                    connection,
                    run,
                    new DeadLetterFilter(proposed.ids(), null, null),
                    proposed.actor() + ", " + actor,
                    proposed.note());
            connection.commit();
            return ordered; // not committed, closing the connection rolls back
        }
    }

    /**
     * Ends it with nothing discarded; the person who ordered it may do so, too.
     *
     * @throws ProblemException 409 when it has ended or takes no second person
     */
    Ordered decline(long run, String actor) throws SQLException {
        String why = "declined by " + actor;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Proposed proposed = lock(connection, run);
            if (why.equals(proposed.failure())) {
                return new Ordered(run, 0);
            }
            requireOpen(run, proposed);
            try (PreparedStatement statement = connection.prepareStatement(DECLINE)) {
                statement.setString(1, why);
                statement.setLong(2, run);
                statement.executeUpdate();
            }
            connection.commit();
            return new Ordered(run, 0);
        }
    }

    private static void requireOpen(long run, Proposed proposed) {
        if (!proposed.takesTwo() || proposed.ended()) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    proposed.takesTwo()
                            ? "order %d has ended already".formatted(run)
                            : "order %d takes no second person".formatted(run),
                    Map.of());
        }
    }

    private static Proposed lock(Connection connection, long run) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setLong(1, run);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw ProblemException.notFound("there is no order of that number");
                }
                Array ids = row.getArray("only_ids");
                return new Proposed(
                        row.getString("actor"),
                        row.getString("note"),
                        row.getString("second_actor"),
                        row.getBoolean("takes_two"),
                        row.getBoolean("ended"),
                        row.getString("failure"),
                        ids == null ? List.of() : Arrays.asList((Long[]) ids.getArray()));
            }
        }
    }
}

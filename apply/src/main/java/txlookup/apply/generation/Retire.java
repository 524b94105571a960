package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;
import txlookup.apply.generation.process.ProcessTable;
import txlookup.profiles.settings.ServingSettings;

/**
 * Retires a generation (docs/architecture.md, act 6). RETIRING is written first and never taken back: from then on it
 * cannot serve. Then its processes end, its group goes, its tables are dropped one a transaction, and it is RETIRED.
 * The same call continues what was killed.
 */
public final class Retire {
    private static final String MOVE =
            "UPDATE bo.generation SET state = ?, detail = ?, updated_at = clock_timestamp() WHERE generation = ?";

    private static final String REMEMBER =
            "INSERT INTO bo.generation_transition (generation, state, detail) VALUES (?, ?, ?)";

    private static final String FORGET_SHAPE = "DELETE FROM bo.shape WHERE schema_name = ?";

    private static final Duration PROCESSES_END_WITHIN = Duration.ofSeconds(90);

    private final Connection connection;
    private final ServingSettings settings;
    private final Outside outside;
    private final Consumer<String> progress;

    /** What a generation has outside of the store. Each call may be repeated. */
    public interface Outside {
        /** Ends the generation's consumer, if it is this environment's to end; it also ends by itself. */
        void stopConsumer(long generation) throws Exception;

        /** Keeps the dead letters that nobody settled, with their bytes: the tables go next. */
        void keepUnsettled(long generation) throws Exception;

        /** Deletes its group on the broker, once it is empty. */
        void deleteGroup(String group) throws Exception;
    }

    /** @param connection of the store, of no generation; the caller closes it */
    public Retire(Connection connection, ServingSettings settings, Outside outside, Consumer<String> progress)
            throws SQLException {
        this.connection = connection;
        this.settings = settings;
        this.outside = outside;
        this.progress = progress;
        connection.setAutoCommit(false);
    }

    /**
     * Retires a generation.
     *
     * @param early whether the way back may go within its window
     * @return the act, done
     * @throws RefusedActException when it serves, is on trial, or is a way back within its window; nothing was changed
     */
    public Act retire(long target, Act.Order order, boolean early) throws Exception {
        Act act = begin(target, order, early);
        String group;
        try {
            group = markRetiring(act, target, early);
        } catch (RefusedActException e) {
            connection.rollback();
            end(act, Outcome.REFUSED, e.getMessage());
            throw e;
        }
        outside.stopConsumer(target);
        awaitEnd("API processes that hold connections", () -> ProcessTable.stillPrepared(connection, target));
        awaitEnd("consumers", () -> ProcessTable.consuming(connection, target));
        outside.keepUnsettled(target);
        outside.deleteGroup(group);
        int tables = new SchemaDrop(connection, progress).drop(target);
        forgetShape(target);
        ProcessTable.forgetTheDead(connection);
        String detail =
                "generation %d is retired: %d tables dropped, group %s deleted".formatted(target, tables, group);
        write(target, "RETIRED", order.reason());
        end(act, Outcome.DONE, detail);
        return act.ended(null, Outcome.DONE, detail);
    }

    private Act begin(long target, Act.Order order, boolean early) throws SQLException {
        Serving.lock(connection);
        try {
            Act act = ActTable.begin(connection, Kind.RETIRE, target, order, Act.Bounds.ofRetirement(early));
            connection.commit();
            return act;
        } catch (RefusedActException e) {
            connection.rollback();
            throw e;
        }
    }

    /** Under the lock of what serves, so that no switch to it can come between. */
    private String markRetiring(Act act, long target, boolean early) throws SQLException {
        Serving now = Serving.lock(connection);
        Retirable.Registered found = Retirable.require(connection, settings, now, target, early);
        if (now.isInUse(target)) {
            ActTable.changed(connection, act, ServingRow.forget(connection, now, target));
        }
        if (!found.state().equals("RETIRING")) {
            write(target, "RETIRING", act.reason());
        }
        connection.commit();
        return found.group();
    }

    private void write(long target, String state, @Nullable String detail) throws SQLException {
        try (PreparedStatement move = connection.prepareStatement(MOVE);
                PreparedStatement remember = connection.prepareStatement(REMEMBER)) {
            move.setString(1, state);
            move.setString(2, detail);
            move.setLong(3, target);
            move.executeUpdate();
            remember.setLong(1, target);
            remember.setString(2, state);
            remember.setString(3, detail);
            remember.executeUpdate();
        }
    }

    private void end(Act act, Outcome outcome, String detail) throws SQLException {
        ActTable.end(connection, act, outcome, detail);
        connection.commit();
    }

    private void forgetShape(long target) throws SQLException {
        try (PreparedStatement forget = connection.prepareStatement(FORGET_SHAPE)) {
            forget.setString(1, "g" + target);
            forget.executeUpdate();
        }
        connection.commit();
    }

    private void awaitEnd(String what, Await.Question names) throws SQLException, InterruptedException {
        String left =
                new Await(connection, progress).nothingMissing(PROCESSES_END_WITHIN, names, "waiting for " + what);
        if (left != null) {
            throw new IllegalStateException(
                    "the %s did not let go after %d s: %s; stop them, then order it again, it continues"
                            .formatted(what, PROCESSES_END_WITHIN.toSeconds(), left));
        }
    }
}

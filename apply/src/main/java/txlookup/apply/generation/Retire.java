package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;
import txlookup.profiles.ServingSettings;

/**
 * Retires a generation (docs/architecture.md, act 6). RETIRING is written first and never taken back: from then on it
 * cannot serve. Then its processes end, its group goes, its tables are dropped one a transaction, and it is RETIRED.
 * The same call continues what was killed.
 */
public final class Retire {
    private static final String STATE =
            "SELECT state, consumer_group FROM bo.generation WHERE generation = ? FOR UPDATE";

    private static final String MOVE =
            "UPDATE bo.generation SET state = ?, detail = ?, updated_at = clock_timestamp() WHERE generation = ?";

    private static final String REMEMBER =
            "INSERT INTO bo.generation_transition (generation, state, detail) VALUES (?, ?, ?)";

    private static final String WITHIN_WINDOW = """
            SELECT to_char(since + make_interval(secs => ?), 'YYYY-MM-DD HH24:MI:SS TZ') FROM bo.serving
            WHERE since + make_interval(secs => ?) > clock_timestamp()""";

    // Referring tables first.
    private static final String TABLES = """
            SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = to_regnamespace(?) AND c.relkind IN ('r', 'p')
              AND NOT EXISTS (SELECT FROM pg_constraint WHERE confrelid = c.oid AND conrelid <> c.oid)
            ORDER BY c.relname""";

    // Readers of a generation that cannot serve any more are asked to end, as lock_timeout alone would wait for them
    // for ever.
    private static final String CANCEL_READERS = """
            SELECT count(pg_cancel_backend(pid)) FROM pg_locks
            WHERE relation = to_regclass(?) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND granted AND pid <> pg_backend_pid()""";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Duration PROCESSES_END_WITHIN = Duration.ofSeconds(90);
    private static final Duration TABLES_DROP_WITHIN = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

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
        int tables = dropTables(target);
        execute(
                "DROP SCHEMA IF EXISTS g%d".formatted(target),
                "DELETE FROM bo.shape WHERE schema_name = 'g%d'".formatted(target));
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

    /** Why the generation may not be retired now; empty when it may. */
    public static Optional<String> whyNot(Connection connection, ServingSettings settings, long target, boolean early)
            throws SQLException {
        try {
            registered(connection, settings, Serving.read(connection), target, early);
            return Optional.empty();
        } catch (RefusedActException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            connection.rollback();
        }
    }

    /** @throws RefusedActException when it may not be retired now */
    static void requireRetirable(
            Connection connection, ServingSettings settings, Serving now, long target, boolean early)
            throws SQLException {
        registered(connection, settings, now, target, early);
    }

    private record Registered(String state, String group) {}

    /** Under the lock of what serves, so that no switch to it can come between. */
    private String markRetiring(Act act, long target, boolean early) throws SQLException {
        Serving now = Serving.lock(connection);
        Registered found = registered(connection, settings, now, target, early);
        if (now.isInUse(target)) {
            ActTable.changed(connection, act, ServingRow.forget(connection, now, target));
        }
        if (!found.state().equals("RETIRING")) {
            write(target, "RETIRING", act.reason());
        }
        connection.commit();
        return found.group();
    }

    /** @throws RefusedActException when it may not be retired */
    private static Registered registered(
            Connection connection, ServingSettings settings, Serving now, long target, boolean early)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATE)) {
            statement.setLong(1, target);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new RefusedActException(
                            "there is no generation %d; txlookup generation list shows all".formatted(target));
                }
                if (now.generation() != null && now.generation() == target) {
                    throw new RefusedActException("generation %d serves; switch to another first".formatted(target));
                }
                if (now.candidate() != null && now.candidate() == target) {
                    throw new RefusedActException(
                            "generation %d answers %d %% of the lookups; take that back first: txlookup generation rollback"
                                    .formatted(target, now.share()));
                }
                if (now.wayBack() != null && now.wayBack() == target && !early) {
                    requireWindowOver(connection, settings, target);
                }
                String state = row.getString(1);
                if (state.equals("RETIRED")) {
                    throw new RefusedActException("generation %d is retired already".formatted(target));
                }
                return new Registered(state, row.getString(2));
            }
        }
    }

    private static void requireWindowOver(Connection connection, ServingSettings settings, long target)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WITHIN_WINDOW)) {
            statement.setLong(1, settings.rollbackWindow().toSeconds());
            statement.setLong(2, settings.rollbackWindow().toSeconds());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    throw new RefusedActException(
                            "generation %d is the way back until %s; --early --reason TEXT gives it up before"
                                    .formatted(target, row.getString(1)));
                }
            }
        }
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

    private interface Who {
        @Nullable
        String names() throws SQLException;
    }

    private void awaitEnd(String what, Who who) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PROCESSES_END_WITHIN.toNanos();
        boolean told = false;
        while (true) {
            String names = who.names();
            connection.commit();
            if (names == null) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "the %s did not let go after %d s: %s; stop them, then order it again, it continues"
                                .formatted(what, PROCESSES_END_WITHIN.toSeconds(), names));
            }
            if (!told) {
                progress.accept("waiting for %s: %s".formatted(what, names));
                told = true;
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    private int dropTables(long target) throws SQLException, InterruptedException {
        int dropped = 0;
        for (List<String> tables = tables(target); !tables.isEmpty(); tables = tables(target)) {
            for (String table : tables) {
                drop("g%d.%s".formatted(target, table));
                dropped++;
            }
        }
        return dropped;
    }

    private List<String> tables(long target) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setString(1, "g" + target);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
        }
        connection.commit();
        return tables;
    }

    private void drop(String table) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + TABLES_DROP_WITHIN.toNanos();
        while (true) {
            try {
                execute("SET LOCAL lock_timeout = '2s'", "DROP TABLE IF EXISTS " + table);
                return;
            } catch (SQLException e) {
                connection.rollback();
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            progress.accept("somebody reads %s still, and is asked to end".formatted(table));
            try (PreparedStatement cancel = connection.prepareStatement(CANCEL_READERS)) {
                cancel.setString(1, table);
                cancel.execute();
            }
            connection.commit();
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        connection.commit();
    }
}

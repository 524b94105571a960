package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;
import txlookup.profiles.settings.ServingSettings;

/** What was done to generations, and what is ordered for a process that may do it. */
public final class Acts {
    private static final int RECENT = 10;

    private final Connection connection;

    /** @param connection of the store, of no generation; the caller closes it */
    public Acts(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    public Optional<Act> find(long id) throws SQLException {
        Optional<Act> found = ActTable.find(connection, id);
        connection.rollback();
        return found;
    }

    /** The newest first. */
    public List<Act> newest(int limit) throws SQLException {
        List<Act> found = ActTable.newest(connection, limit);
        connection.rollback();
        return found;
    }

    /** The rebuilds and retirements that are not done, the oldest first. */
    public List<Act> waiting() throws SQLException {
        List<Act> found = ActTable.waiting(connection);
        connection.rollback();
        return found;
    }

    /** What took that switch or share back; empty while nothing did. */
    public Optional<Act> takenBack(Act act) throws SQLException {
        return newest(RECENT).stream()
                .filter(one -> one.kind() == Kind.TAKE_BACK && one.id() > act.id())
                .findFirst();
    }

    /**
     * Orders that a generation is retired.
     *
     * @throws RefusedActException when it may not be now
     */
    public Act orderRetirement(long target, Act.Order order, boolean early, ServingSettings settings)
            throws SQLException {
        return order(
                Kind.RETIRE,
                target,
                order,
                Act.Bounds.ofRetirement(early),
                now -> Retirable.require(connection, settings, now, target, early));
    }

    /** Orders a rebuild beside what serves; while one is ordered already, that one is it. */
    public Act orderRebuild(Act.Order order) throws SQLException {
        return order(Kind.REBUILD, null, order, Act.Bounds.NONE, now -> {});
    }

    private interface Check {
        void of(Serving now) throws SQLException;
    }

    private Act order(Kind kind, @Nullable Long target, Act.Order order, Act.Bounds bounds, Check check)
            throws SQLException {
        Serving now = Serving.lock(connection);
        try {
            if (ActTable.withKey(connection, order.key()).isEmpty()) {
                check.of(now);
            }
            Act act = ActTable.begin(connection, kind, target, order, bounds);
            connection.commit();
            return act;
        } catch (RefusedActException e) {
            connection.rollback();
            throw e;
        }
    }

    /** Ends an act that its taker has carried out. */
    public void end(Act act, Outcome outcome, String detail) throws SQLException {
        ActTable.end(connection, act, outcome, detail);
        connection.commit();
    }
}

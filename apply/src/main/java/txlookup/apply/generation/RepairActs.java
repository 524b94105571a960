package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;

/**
 * A repair is not in the log, so it is made in each generation that takes events. An act for each stands open until that
 * is done, and is in the way of a switch to it; one that was killed is continued by the same repair.
 */
public final class RepairActs {
    private final DataSource connections;
    private final List<Act> acts;

    private RepairActs(DataSource connections, List<Act> acts) {
        this.connections = connections;
        this.acts = acts;
    }

    /** Says that these generations are to be repaired. */
    public static RepairActs begin(DataSource connections, List<Long> generations, Act.Order order)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            Serving.lock(connection);
            List<Act> acts = new ArrayList<>();
            for (long generation : generations) {
                acts.add(ActTable.begin(connection, Kind.REPAIR, generation, order, Act.Bounds.NONE));
            }
            connection.commit();
            return new RepairActs(connections, acts);
        }
    }

    /** Says that one of them is repaired. */
    public void done(long generation, String detail) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            for (Act act : acts) {
                if (act.target() != null && act.target() == generation) {
                    ActTable.end(connection, act, Outcome.DONE, detail);
                }
            }
            connection.commit();
        }
    }
}

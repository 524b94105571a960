package txlookup.gate.observe.canary;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import txlookup.gate.observe.store.StoreQueries;
import txlookup.gate.observe.store.StoreQueries.Passed;

/** Where somebody looks whether markers are visible. */
public interface MarkerView {
    /** Nobody may look there, or there is nothing to look at; it does not help to try again. */
    final class NotToBeSeenException extends Exception {
        NotToBeSeenException(String message) {
            super(message);
        }
    }

    /** Whose canary's markers they are. */
    long generation();

    /** Which other generations take the same events: to each of them a marker has to be one as well, or it is an event. */
    default List<Long> others() {
        return List.of();
    }

    /** How far a run's markers are visible; partitions without one are left out. */
    List<Passed> passed(String run) throws IOException, SQLException, InterruptedException, NotToBeSeenException;

    /** In the store, before any service answers. */
    static MarkerView ofStore(StoreQueries queries, long generation) {
        return new MarkerView() {
            @Override
            public long generation() {
                return generation;
            }

            @Override
            public List<Passed> passed(String run) throws SQLException {
                return queries.passedMarkers(run);
            }
        };
    }
}

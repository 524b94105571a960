package txlookup.gate.observe.canary;

import java.io.IOException;
import java.util.List;
import txlookup.gate.observe.store.StoreQueries.Passed;

/** Where somebody looks whether markers are visible. */
public interface MarkerView {
    /** Nobody may look there, or there is nothing to look at; it does not help to try again. */
    final class NotToBeSeenException extends Exception {
        NotToBeSeenException(String message) {
            super(message);
        }
    }

    /** What this environment's canaries mark their records with. */
    String canary();

    /** How far a run's markers are visible; partitions without one are left out. */
    List<Passed> passed(String run) throws IOException, InterruptedException, NotToBeSeenException;
}

package txlookup.consumer.health;

import java.util.List;
import java.util.Optional;

/** What the endpoint answers from. */
public interface Probes {
    /** Why this process is to be started again; empty while it is alive. */
    Optional<String> dead();

    /** Why this process is not ready, one line a reason; empty when it is. */
    List<String> notReady();

    /** What slows this process down and keeps it from nothing, one line each. */
    List<String> notes();
}

package txlookup.apply.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One order to replay or discard dead letters, and what became of them.
 *
 * @param id its number, with which an interrupted run is gone on with
 * @param actor who ordered it
 * @param note why; a discard has one always
 * @param dryRun whether everything is tried and nothing kept
 * @param selected how many dead letters were chosen
 * @param resolved how many are in the store now
 * @param superseded how many the store has something newer of
 * @param refused how many cannot be read still, and are open again
 * @param endedAt null while it runs, or after it was interrupted
 */
public record DeadLetterRun(
        long id,
        Action action,
        String actor,
        @Nullable String note,
        boolean dryRun,
        DeadLetterSelection selection,
        long selected,
        long resolved,
        long superseded,
        long refused,
        long discarded,
        Instant requestedAt,
        @Nullable Instant endedAt) {
    /** What is done with them. */
    public enum Action {
        REPLAY,
        DISCARD
    }
}

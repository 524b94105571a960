package txlookup.apply.store.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One order to replay or discard dead letters, and what became of them so far.
 *
 * @param id its number, by which an interrupted run is resumed
 * @param selected how many dead letters the run has worked through
 * @param resolved how many are in the store now
 * @param superseded how many the store has something newer of
 * @param refused how many cannot be read still, and are open
 * @param takes how often a process took the order; the newest one holds it
 * @param tries how often a process took the order since {@code doneTo} last moved
 * @param runner who took it last; null before anybody did
 * @param leasedUntil until when the runner holds the order, unless it renews; null while nobody holds it
 * @param upTo the last dead letter that there was when the order was first taken; 0 before that
 * @param doneTo the last dead letter that the run is done with
 * @param failure why the run ended before all were done; null when it did not fail
 * @param endedAt null while it waits or runs
 */
public record DeadLetterRun(
        long id,
        DeadLetterOrder order,
        long selected,
        long resolved,
        long superseded,
        long refused,
        long discarded,
        int takes,
        int tries,
        @Nullable String runner,
        @Nullable Instant leasedUntil,
        long upTo,
        long doneTo,
        @Nullable String failure,
        Instant requestedAt,
        @Nullable Instant endedAt) {
    /** What is done with them. */
    public enum Action {
        REPLAY,
        DISCARD
    }
}

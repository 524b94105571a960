package txlookup.api.console;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One order to replay or discard dead letters, and what became of them so far.
 *
 * @param onlyIds which letters by number; empty where all that match are meant
 * @param runner who carries it out; null while it waits for a consumer
 * @param endedAt null while it runs
 */
record DeadLetterRun(
        long id,
        long generation,
        String action,
        String actor,
        @Nullable String note,
        boolean dryRun,
        List<Long> onlyIds,
        @Nullable String onlyReason,
        @Nullable String onlySource,
        @Nullable String runner,
        long selected,
        long resolved,
        long superseded,
        long refused,
        long discarded,
        Instant requestedAt,
        @Nullable Instant endedAt) {

    public boolean isReplay() {
        return action.equals("REPLAY");
    }

    /** WAITING, RUNNING or ENDED. */
    public String stage() {
        return endedAt != null ? "ENDED" : runner == null ? "WAITING" : "RUNNING";
    }

    public long done() {
        return resolved + superseded + refused + discarded;
    }

    /** Whether the same may be replayed for good now. */
    public boolean isTriedOut() {
        return isReplay() && dryRun && endedAt != null && resolved + superseded > 0;
    }

    DeadLetterSelection selection() {
        return new DeadLetterSelection(generation, onlyIds, onlyReason, onlySource);
    }
}

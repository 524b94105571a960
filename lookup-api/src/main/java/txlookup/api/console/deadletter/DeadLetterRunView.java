package txlookup.api.console.deadletter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One order to replay or discard dead letters, and what became of them so far.
 *
 * @param trialId the trial that a replay repeats
 * @param patch what is applied in the place of the one dead letter's value, with its secrets masked
 * @param onlyIds which letters by number; empty where all that match are meant
 * @param runner who carries it out, or did last; null while it waits for a consumer
 * @param held whether its runner said within the last seconds that it works on it
 * @param selected how many dead letters it has worked through
 * @param endedAt null while it waits or runs
 * @param failure why it ended before all were done; null when it did not fail
 * @param takesTwo whether nothing happens before a second person confirms it
 * @param secondActor who confirmed it; null where nobody had to, or nobody has yet
 */
record DeadLetterRunView(
        long id,
        long generation,
        String action,
        String actor,
        @Nullable String note,
        boolean dryRun,
        @Nullable Long trialId,
        @Nullable String patch,
        List<Long> onlyIds,
        @Nullable String onlyReason,
        @Nullable String onlySource,
        @Nullable String runner,
        boolean held,
        long selected,
        long resolved,
        long superseded,
        long refused,
        long discarded,
        Instant requestedAt,
        @Nullable Instant endedAt,
        @Nullable String failure,
        boolean takesTwo,
        @Nullable String secondActor) {

    private static final Duration TRIAL_HOLDS = Duration.ofDays(1);
    private static final int SHOWN_IDS = 20;

    public boolean isReplay() {
        return action.equals("REPLAY");
    }

    /** PROPOSED (it waits for a second person), WAITING, RUNNING, INTERRUPTED (its runner is gone, and the next consumer resumes it), FAILED or ENDED. */
    public String stage() {
        if (endedAt != null) {
            return failure == null ? "ENDED" : "FAILED";
        }
        if (takesTwo) {
            return "PROPOSED";
        }
        if (held) {
            return "RUNNING";
        }
        return runner == null ? "WAITING" : "INTERRUPTED";
    }

    public long done() {
        return resolved + superseded + refused + discarded;
    }

    /** Whether the same may be replayed for good now. */
    public boolean isTriedOut() {
        return isTriedOut(Instant.now());
    }

    boolean isTriedOut(Instant now) {
        return endedAt != null
                && endedAt.isAfter(now.minus(TRIAL_HOLDS))
                && isReplay()
                && dryRun
                && stage().equals("ENDED")
                && resolved + superseded > 0;
    }

    DeadLetterRunView withoutPatch(String mask) {
        return new DeadLetterRunView(
                id,
                generation,
                action,
                actor,
                note,
                dryRun,
                trialId,
                patch == null ? null : mask,
                onlyIds,
                onlyReason,
                onlySource,
                runner,
                held,
                selected,
                resolved,
                superseded,
                refused,
                discarded,
                requestedAt,
                endedAt,
                failure,
                takesTwo,
                secondActor);
    }

    /** The first of the numbers. */
    public List<Long> shownIds() {
        return onlyIds.stream().limit(SHOWN_IDS).toList();
    }
}

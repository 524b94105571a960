package txlookup.apply.store.deadletter;

import org.jspecify.annotations.Nullable;
import txlookup.apply.store.deadletter.DeadLetterRun.Action;

/**
 * What is to become of which dead letters.
 *
 * @param actor who orders it
 * @param note why; a discard needs one
 * @param dryRun whether everything is tried and nothing is kept
 * @param patch what is applied in the place of the one dead letter's value; null for its value
 * @param perSecond most dead letters per second; 0 sets no limit
 */
public record DeadLetterOrder(
        Action action,
        DeadLetterSelection selection,
        String actor,
        @Nullable String note,
        boolean dryRun,
        @Nullable String patch,
        int perSecond) {
    /** Replays what is open. */
    public static DeadLetterOrder replay(DeadLetterSelection selection, String actor) {
        return new DeadLetterOrder(Action.REPLAY, selection, actor, null, false, null, 0);
    }

    /** Tells what a replay would come to, and keeps nothing. */
    public static DeadLetterOrder trial(DeadLetterSelection selection, String actor) {
        return new DeadLetterOrder(Action.REPLAY, selection, actor, null, true, null, 0);
    }

    /** Settles what is open as not wanted. */
    public static DeadLetterOrder discard(DeadLetterSelection selection, String actor, String note) {
        return new DeadLetterOrder(Action.DISCARD, selection, actor, note, false, null, 0);
    }
}

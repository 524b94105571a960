package txlookup.apply.generation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that people or a watch did to generations, a row of {@code bo.act}.
 *
 * @param target the generation that it is about
 * @param actor who ordered it
 * @param reason why, in the words of who ordered it; null where none was given
 * @param epochAfter {@link Serving#epoch} that it made; null where it changed nothing there
 * @param outcome how it ended; null while it is under way
 * @param detail what was seen, for people; null while it is under way
 */
public record Act(
        long id,
        Kind kind,
        long target,
        String actor,
        @Nullable String reason,
        @Nullable Long epochAfter,
        Instant requestedAt,
        @Nullable Instant endedAt,
        @Nullable Outcome outcome,
        @Nullable String detail) {
    /** What was done. */
    public enum Kind {
        SWITCH,
        SHARE,
        ROLLBACK,
        TAKE_BACK,
        RETIRE,
        REPAIR;

        boolean changesWhatServes() {
            return this != RETIRE && this != REPAIR;
        }
    }

    /** How it ended. */
    public enum Outcome {
        DONE,
        REFUSED,
        FAILED
    }

    /**
     * Who orders something, and why.
     *
     * @param reason in their own words; null where none is needed
     */
    public record Order(String actor, @Nullable String reason) {}

    /**
     * How far an act goes; the same order with other bounds is another act.
     *
     * @param share per cent of the lookups; null where the act has none
     * @param accepted the hash of the comparison whose differences are accepted; null where none is
     */
    record Bounds(@Nullable Integer share, @Nullable String accepted) {
        static final Bounds NONE = new Bounds(null, null);
    }
}

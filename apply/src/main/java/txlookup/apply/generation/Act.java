package txlookup.apply.generation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that people or a watch did to generations, a row of {@code bo.act}.
 *
 * @param target the generation that it is about; null for a rebuild, which makes one
 * @param actor who ordered it
 * @param reason why, in the words of who ordered it; null where none was given
 * @param epochAfter {@link Serving#epoch} that it made; null where it changed nothing there
 * @param bounds how far it goes
 * @param outcome how it ended; null while it is under way
 * @param detail what was seen, for people; null while it is under way
 */
public record Act(
        long id,
        Kind kind,
        @Nullable Long target,
        String actor,
        @Nullable String reason,
        @Nullable Long epochAfter,
        Instant requestedAt,
        @Nullable Instant endedAt,
        Bounds bounds,
        @Nullable Outcome outcome,
        @Nullable String detail) {
    public enum Kind {
        SWITCH,
        SHARE,
        ROLLBACK,
        TAKE_BACK,
        RETIRE,
        REBUILD,
        REPROCESS,
        REPAIR,
        REPLAY,
        DISCARD;

        boolean changesWhatServes() {
            return this == SWITCH || this == SHARE || this == ROLLBACK || this == TAKE_BACK;
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
     * @param key an order with the same key within 24 hours is the same order; null where it has none
     */
    public record Order(
            String actor, @Nullable String reason, @Nullable String key) {
        /** One that is made once, such as a command. */
        public Order(String actor, @Nullable String reason) {
            this(actor, reason, null);
        }
    }

    /**
     * How far an act goes; the same order with other bounds is another act.
     *
     * @param share per cent of the lookups; null where the act has none
     * @param accepted the hash of the comparison whose differences are accepted; null where none is
     * @param early whether the way back may go within its window; null where it may not
     */
    public record Bounds(
            @Nullable Integer share,
            @Nullable String accepted,
            @Nullable Boolean early) {
        static final Bounds NONE = new Bounds(null, null, null);

        static Bounds ofRetirement(boolean early) {
            return new Bounds(null, null, early ? true : null);
        }
    }

    Act ended(@Nullable Long epoch, Outcome how, String what) {
        return new Act(id, kind, target, actor, reason, epoch, requestedAt, Instant.now(), bounds, how, what);
    }
}

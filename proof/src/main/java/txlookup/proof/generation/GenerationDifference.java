package txlookup.proof.generation;

import java.util.List;
import java.util.Locale;
import txlookup.apply.model.Entity;

/**
 * A key that two generations disagree about although both have applied what it comes from.
 *
 * @param fields the contract's fields that differ; {@code digest} where only the stored digest does; none where one lacks it
 */
public record GenerationDifference(Kind kind, Entity entity, String key, List<String> fields) {
    public GenerationDifference {
        fields = List.copyOf(fields);
    }

    /** In what way they disagree. */
    public enum Kind {
        /** The candidate does not have it. */
        MISSING(true),
        /** Only the candidate has it. */
        EXTRA(true),
        /** Both have it, with another content. */
        FIELD(true),
        /**
         * The candidate does not have it: what it was loaded from had lost it, and it was last changed before the candidate's
         * part of the log. The contract knows no deletes, so the other generation still has it.
         */
        LEFT_SOURCE(false),
        /**
         * Both have it, with another content, and neither content says which is newer: no {@code updated_at} and no
         * {@code version}. Which one wins depends on when each was read.
         */
        NO_ORDER(false);

        private final boolean wrong;

        Kind(boolean wrong) {
            this.wrong = wrong;
        }

        /** Whether one of the two generations must be wrong. */
        public boolean isWrong() {
            return wrong;
        }

        /** As reports write it: {@code left-source}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}

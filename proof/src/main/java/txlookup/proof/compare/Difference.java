package txlookup.proof.compare;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;

/**
 * A key that the two sides disagree about, still so when it was read again.
 *
 * @param fields the fields that differ; for a row that only contradicts its own digest, {@code digest}
 * @param source what the source says; null where it has nothing
 * @param stored what the store has; null where it has nothing
 * @param outcome what was done about it
 */
public record Difference(
        Kind kind,
        Entity entity,
        String key,
        List<String> fields,
        @Nullable StoredVersion source,
        @Nullable StoredVersion stored,
        Outcome outcome) {
    public Difference {
        fields = List.copyOf(fields);
    }

    /** In what way they disagree. */
    public enum Kind {
        /** The source has it, the store does not. */
        MISSING,
        /** The store has it, the source does not. */
        EXTRA,
        /** The store's version is older than the source's. */
        STALE,
        /** The store's version is newer: allowed, for the stream runs ahead of an extract. */
        AHEAD,
        /** The same version with another content, or a stored row that contradicts its own digest. */
        FIELD;

        /** As reports write it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What was done about a difference. */
    public enum Outcome {
        /** Nothing yet. */
        FOUND,
        /** The source's snapshot is in the store, or a newer one. */
        REPAIRED,
        /** Copied to the quarantine, now or by an earlier pass; still in the store, for people to decide. */
        QUARANTINED,
        /** The source has only something older than the store's row, so that it cannot repair it. */
        NOT_REPAIRABLE;

        /** As reports write it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Difference with(Outcome next) {
        return new Difference(kind, entity, key, fields, source, stored, next);
    }

    /** Whether the store is wrong here, and nothing was done about it. */
    public boolean isOpen() {
        return kind != Kind.AHEAD && (outcome == Outcome.FOUND || outcome == Outcome.NOT_REPAIRABLE);
    }
}

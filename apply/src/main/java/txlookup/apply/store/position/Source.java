package txlookup.apply.store.position;

import java.util.Locale;

/**
 * A source of changes that a generation accounts for: one partition of a topic, or one input of the backfill.
 *
 * @param kind what kind of source
 * @param name topic, or the backfill input's file or table
 * @param partition Kafka partition; {@link #NO_PARTITION} for a backfill
 */
public record Source(Kind kind, String name, int partition) {
    /** The partition of a source that has none. */
    public static final int NO_PARTITION = -1;

    /** What kind of source brought a change; the store and the explain endpoint use these names. */
    public enum Kind {
        STREAM,
        BACKFILL,
        REPLAY,
        REPAIR
    }

    /** For messages: {@code ledger.entry.upserted-1}, or {@code backfill extract.ndjson}. */
    @Override
    public String toString() {
        return kind == Kind.STREAM ? name + "-" + partition : kind.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}

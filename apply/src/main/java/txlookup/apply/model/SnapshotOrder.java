package txlookup.apply.model;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The one order that decides which of two snapshots of a key wins (docs/contract.md, Which snapshot wins): for code as
 * a comparator, for SQL as a row that PostgreSQL compares the same way. The store keeps the maximum, so it is a
 * function of the set of snapshots seen.
 *
 * <p>"Absent is lowest" makes the contract's first criterion (with {@code updated_at} or {@code version} beats with
 * neither) a consequence of the second and third: a snapshot with neither is lowest in both. Nothing else enters the
 * order: no offset, no arrival, no clock of ours, for these differ between deliveries of the same set.
 */
public final class SnapshotOrder {
    /**
     * All of a snapshot that the order looks at. Ascending: the winner is the maximum, and zero means the same content at
     * the same source time.
     */
    public record Rank(
            @Nullable Instant updatedAt, @Nullable Long version, Instant sourceTime, long digest)
            implements Comparable<Rank> {
        private static final Comparator<Rank> LOWEST_FIRST = Comparator.comparing(
                        Rank::updatedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
                .thenComparing(Rank::version, Comparator.nullsFirst(Comparator.<Long>naturalOrder()))
                .thenComparing(Rank::sourceTime)
                .thenComparingLong(Rank::digest);

        public static Rank of(Snapshot snapshot) {
            Snapshot.Origin origin = snapshot.origin();
            return new Rank(snapshot.updatedAt(), snapshot.version(), origin.time(), origin.digest());
        }

        @Override
        public int compareTo(Rank other) {
            return LOWEST_FIRST.compare(this, other);
        }
    }

    /** Ascending: the winner is the maximum. */
    public static final Comparator<Snapshot> OLDEST_FIRST = Comparator.comparing(Rank::of);

    private SnapshotOrder() {}

    /**
     * The same order as a row expression; compare two with {@code <}. No element is null, so neither is the result.
     *
     * @param table alias of the table or of {@code excluded}
     */
    public static String sqlRow(String table) {
        return "(coalesce(%1$s.updated_at, '-infinity'), %1$s.version IS NOT NULL, coalesce(%1$s.version, 0), %1$s.source_time, %1$s.digest)"
                .formatted(table);
    }
}

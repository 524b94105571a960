package txlookup.apply;

import java.time.Instant;
import java.util.Comparator;

/**
 * The one order that decides which of two snapshots of a key wins (contract.md, Which snapshot wins): for code as a
 * comparator, for SQL as a row that PostgreSQL compares the same way. The store keeps the maximum, so it is a function
 * of the set of snapshots seen.
 *
 * <p>"Absent is lowest" makes the contract's first criterion (with {@code updated_at} or {@code version} beats with
 * neither) a consequence of the second and third: a snapshot with neither is lowest in both. Nothing else enters the
 * order: no offset, no arrival, no clock of ours, for these differ between deliveries of the same set.
 */
public final class SnapshotOrder {
    /** Ascending: the winner is the maximum. Zero means the same content at the same source time. */
    public static final Comparator<Snapshot> OLDEST_FIRST = Comparator.comparing(
                    Snapshot::updatedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
            .thenComparing(Snapshot::version, Comparator.nullsFirst(Comparator.<Long>naturalOrder()))
            .thenComparing(snapshot -> snapshot.origin().time())
            .thenComparingLong(snapshot -> snapshot.origin().digest());

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

package txlookup.apply.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import txlookup.apply.Decoded;
import txlookup.apply.LedgerEntry;
import txlookup.apply.PaymentOrder;
import txlookup.apply.Snapshot;
import txlookup.apply.SnapshotOrder.Rank;

/**
 * How snapshots, one of each key, get into their table. Those whose key is not there are copied straight in, which costs
 * the server half of a merge; those that win over the stored row are merged; and the others need nothing, for a stored row
 * only ever gives way to a newer one.
 */
record Upsert<T extends Snapshot>(StagedTable<T> staged, BulkTable<T> bulk) {
    static final Upsert<LedgerEntry> LEDGER_ENTRIES = new Upsert<>(LedgerEntryTable.TABLE, BulkTable.LEDGER_ENTRY);

    static final Upsert<PaymentOrder> PAYMENT_ORDERS = new Upsert<>(PaymentOrderTable.TABLE, BulkTable.PAYMENT_ORDER);

    // A plan is made once, often while the table is empty, and a scan of it would be kept until it is analyzed.
    private static final String THROUGH_THE_INDEX = "SET LOCAL enable_seqscan = off";

    private static final String STORED =
            "SELECT %s, updated_at, version, source_time, digest FROM bo.%s WHERE %1$s = ANY (?)";

    /**
     * Writes a batch. Whoever writes enters rows first, in one order, and then locks rows, in one order: so nobody who waits to
     * enter a row holds a lock that the other could wait for.
     *
     * @param encoder for this call alone
     * @param snapshots in any order
     * @throws SQLException also when another transaction was in the way ({@link #isOvertaken}): to be begun anew, which
     *     finds what that one entered
     */
    StagedTable.Merged write(Connection connection, BinaryCopy encoder, int sourceId, List<T> snapshots)
            throws SQLException {
        if (snapshots.isEmpty()) {
            return new StagedTable.Merged(0, 0);
        }
        Map<String, Rank> stored =
                stored(connection, snapshots.stream().map(Snapshot::key).toList());
        List<T> missing = new ArrayList<>(snapshots.size() - stored.size());
        List<T> known = new ArrayList<>(stored.size());
        for (T one : snapshots) {
            (stored.containsKey(one.key()) ? known : missing).add(one);
        }
        if (!missing.isEmpty()) {
            EncodedRows.of(bulk, encoder, missing, sourceId, FreshLoad.now(connection))
                    .copy(connection, Set.of());
        }
        StagedTable.Merged merged = mergeStored(connection, sourceId, known, stored);
        return new StagedTable.Merged(merged.applied() + missing.size(), merged.duplicate());
    }

    /** Merges those that win over their stored row; those that have none are not looked at. */
    StagedTable.Merged mergeStored(
            Connection connection, int sourceId, Iterable<? extends Decoded> decoded, Map<String, Rank> stored)
            throws SQLException {
        if (stored.isEmpty()) {
            return new StagedTable.Merged(0, 0);
        }
        List<T> newer = new ArrayList<>();
        int duplicate = 0;
        for (Decoded one : decoded) {
            if (bulk.type().isInstance(one)) {
                T snapshot = bulk.type().cast(one);
                Rank there = stored.get(snapshot.key());
                if (there != null && there.compareTo(Rank.of(snapshot)) < 0) {
                    newer.add(snapshot);
                } else if (there != null && there.digest() == snapshot.origin().digest()) {
                    duplicate++;
                }
            }
        }
        StagedTable.Merged merged = staged.merge(connection, sourceId, newer);
        return new StagedTable.Merged(merged.applied(), merged.duplicate() + duplicate);
    }

    /** The ranks of the rows that are there, by key. */
    Map<String, Rank> stored(Connection connection, List<String> keys) throws SQLException {
        FreshLoad.execute(connection, THROUGH_THE_INDEX);
        Map<String, Rank> stored = new HashMap<>();
        // The driver sends an array of strings as it is; one of objects it writes out and the server parses it.
        Array array = connection.createArrayOf("text", keys.toArray(String[]::new));
        try (PreparedStatement statement = connection.prepareStatement(STORED.formatted(bulk.key(), bulk.name()))) {
            statement.setArray(1, array);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    stored.put(
                            row.getString(1),
                            new Rank(instant(row, 2), row.getObject(3, Long.class), instant(row, 4), row.getLong(5)));
                }
            }
        }
        array.free();
        return stored;
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /**
     * Whether another transaction was in the way: it entered a key meanwhile (23505), or each waited for the other (40P01),
     * which takes many rows whose neighbours differ between the two.
     */
    static boolean isOvertaken(SQLException e) {
        return "23505".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }
}

package txlookup.apply.store.batch;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SnapshotOrder.Rank;
import txlookup.apply.store.pairing.DuePairings;
import txlookup.apply.store.sql.Statements;

/**
 * How rows, one of each key, get into their table. Those whose key is not there are copied straight in, which costs the
 * server half of a merge; those that win over the stored row are merged; and the others need nothing, for a stored row only
 * ever gives way to a newer one.
 */
public record RowWriter<T extends Snapshot>(StagingMerge staged, BulkTable<T> bulk) {
    public static final RowWriter<LedgerEntry> LEDGER_ENTRIES =
            new RowWriter<>(LedgerEntryTable.TABLE, BulkTable.LEDGER_ENTRY);

    public static final RowWriter<PaymentOrder> PAYMENT_ORDERS =
            new RowWriter<>(PaymentOrderTable.TABLE, BulkTable.PAYMENT_ORDER);

    // A plan is made once, often while the table is empty, and a scan of it would be kept until it is analyzed.
    private static final String THROUGH_THE_INDEX = "SET LOCAL enable_seqscan = off";

    /** How rows get in whose key is not there. */
    public enum Entering {
        /** By COPY into the table itself, the cheapest way. */
        COPIED,
        /** As those that win over a stored row: a table on several servers does not tell why it refuses a COPY. */
        MERGED
    }

    private static final String STORED =
            "SELECT %s, updated_at, version, source_time, digest FROM %s WHERE %1$s = ANY (?)";

    /**
     * Writes a batch's rows. Whoever writes enters rows first, in one order, and then locks rows, in one order: so nobody who
     * waits to enter a row holds a lock that the other could wait for.
     *
     * @param sourceIds the sources that the rows are of
     * @param stored the ranks of the rows that are there ({@link #stored})
     * @param how how those get in whose key is not there
     * @return what became of each source's rows, those included that another one of the batch won over
     * @throws SQLException also when another transaction was in the way ({@link #isOvertaken}): to be begun anew, which
     *     finds what that one entered
     */
    public List<StagingMerge.Merged> write(
            Connection connection, EncodedRows<T> rows, List<Integer> sourceIds, Map<String, Rank> stored, Entering how)
            throws SQLException {
        Outcome outcome = new Outcome(new int[sourceIds.size()], rows.stale(), rows.duplicate());
        if (rows.keys().isEmpty()) {
            return outcome.bySource();
        }
        IntStream.Builder copied = IntStream.builder();
        IntStream.Builder merged = IntStream.builder();
        for (int number = 0; number < rows.keys().size(); number++) {
            Rank rank = rows.rank(number);
            Rank there = stored.get(rows.keys().get(number));
            if (there == null && how == Entering.COPIED) {
                copied.add(number);
            } else if (there == null || there.compareTo(rank) < 0) {
                merged.add(number);
            } else {
                outcome.lost(rows, number, there);
            }
        }
        Instant now = Statements.now(connection);
        List<byte[]> beginnings =
                sourceIds.stream().map(id -> bulk.beginning(now, id)).toList();
        int[] absent = copied.build().toArray();
        int[] winning = merged.build().toArray();
        DuePairings due = new DuePairings();
        if (absent.length > 0) {
            outcome.copied(rows, absent, rows.copy(connection, absent, beginnings));
            for (int number : absent) {
                due.entered(rows.pairing(number));
            }
        }
        if (winning.length > 0) {
            rows.stage(connection, staged.copy(), winning, beginnings);
            merged(connection, rows, winning, staged.merge(connection, due), outcome);
            for (int number : winning) {
                due.changed(rows.pairing(number));
            }
        }
        due.insert(connection);
        return outcome.bySource();
    }

    /** Those that did not win lost to a row that another transaction brought meanwhile: most callers know that none does. */
    private void merged(Connection connection, EncodedRows<T> rows, int[] staged, Set<String> won, Outcome outcome)
            throws SQLException {
        int[] lost = Arrays.stream(staged)
                .filter(number -> !won.contains(rows.keys().get(number)))
                .toArray();
        Map<String, Rank> stored = stored(
                connection, Arrays.stream(lost).mapToObj(rows.keys()::get).toList());
        for (int number : staged) {
            String key = rows.keys().get(number);
            if (won.contains(key)) {
                outcome.applied[rows.source(number)]++;
            } else if (stored.containsKey(key)) {
                outcome.lost(rows, number, stored.get(key));
            }
        }
    }

    /** What became of rows, by the place of their source. */
    private static final class Outcome {
        private final int[] applied;
        private final int[] stale;
        private final int[] duplicate;

        private Outcome(int[] applied, int[] stale, int[] duplicate) {
            this.applied = applied;
            this.stale = stale;
            this.duplicate = duplicate;
        }

        void lost(EncodedRows<?> rows, int number, Rank there) {
            int[] counts = there.digest() == rows.rank(number).digest() ? duplicate : stale;
            counts[rows.source(number)]++;
        }

        /** By the server's count: what it did not take is missing when the batch is accounted for. */
        void copied(EncodedRows<?> rows, int[] absent, int taken) {
            for (int number : absent) {
                applied[rows.source(number)]++;
            }
            applied[rows.source(absent[0])] -= absent.length - taken;
        }

        List<StagingMerge.Merged> bySource() {
            return IntStream.range(0, applied.length)
                    .mapToObj(source -> new StagingMerge.Merged(applied[source], stale[source], duplicate[source]))
                    .toList();
        }
    }

    /** The ranks of the rows that are there, by key. */
    public Map<String, Rank> stored(Connection connection, List<String> keys) throws SQLException {
        Map<String, Rank> stored = new HashMap<>();
        if (keys.isEmpty()) {
            return stored;
        }
        Statements.execute(connection, THROUGH_THE_INDEX);
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
    public static boolean isOvertaken(SQLException e) {
        return "23505".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }
}

package txlookup.apply.store.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.store.copy.BinaryCopy;
import txlookup.apply.store.pairing.PairedId;

/**
 * A table that snapshots reach by COPY with nothing in between: no staging and no merge, so their keys must not be there.
 *
 * @param name the table, in the generation's schema
 * @param key its primary key
 * @param columns what COPY fills: the two of {@link #beginning}, and then as {@code writer} writes them
 * @param type what its rows are
 * @param neighbour what neighbours in the table's most expensive index have in common
 * @param pairing which payment's pairing a row may change
 * @param writer writes one row but for its beginning
 */
public record BulkTable<T extends Snapshot>(
        String name,
        String key,
        String columns,
        Class<T> type,
        Function<T, String> neighbour,
        Function<T, @Nullable PairedId> pairing,
        BinaryCopy.RowWriter<T> writer) {
    public static final BulkTable<LedgerEntry> LEDGER_ENTRY = new BulkTable<>(
            "ledger_entry",
            "tx_id",
            LedgerEntryTable.COLUMNS,
            LedgerEntry.class,
            LedgerEntry::walletId,
            PairedId::of,
            LedgerEntryTable::write);

    public static final BulkTable<PaymentOrder> PAYMENT_ORDER = new BulkTable<>(
            "payment_order",
            "order_id",
            PaymentOrderTable.COLUMNS,
            PaymentOrder.class,
            PaymentOrder::orderId,
            PairedId::of,
            PaymentOrderTable::write);

    /**
     * Copies what was decoded into a table of the same shape.
     *
     * @param into that table, with its schema
     * @param dead gets the dead letters among them
     * @return how many rows
     * @throws IllegalStateException when the server took another number than that; the transaction has to be rolled back
     */
    public int copy(
            Connection connection,
            String into,
            Iterable<? extends Decoded> decoded,
            List<DeadLetter> dead,
            int sourceId,
            Instant ingestedAt)
            throws SQLException {
        int[] copied = {0};
        byte[] beginning = beginning(ingestedAt, sourceId);
        long taken = new BinaryCopy().send(connection, into(into), decoded, (copy, one) -> {
            if (one instanceof DeadLetter letter) {
                dead.add(letter);
                return;
            }
            writer.write(copy.raw(beginning), type.cast(one));
            copied[0]++;
        });
        if (taken != copied[0]) {
            throw new IllegalStateException(
                    "%s: %d rows were copied and the server took %d".formatted(into, copied[0], taken));
        }
        return copied[0];
    }

    /** What each row begins with: how many columns it has, when it was brought, and by whom. */
    byte[] beginning(Instant ingestedAt, int sourceId) {
        return BinaryCopy.beginning(columns.split(", ", -1).length, ingestedAt, sourceId);
    }

    /** The COPY into the table itself. */
    String copyStatement() {
        return into(name);
    }

    private String into(String table) {
        return "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table, columns);
    }
}

package txlookup.apply.store.batch;

import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.SnapshotOrder;
import txlookup.apply.store.copy.BinaryCopy;

/** How ledger entries are staged and merged. */
public final class LedgerEntryTable {
    /** Those of a row's {@link BulkTable#beginning}, and then as {@link #write} writes them. */
    private static final CopiedColumns ROW = CopiedColumns.of(
            "ingested_at timestamptz",
            "source_id integer",
            "event_time timestamptz",
            "created_at timestamptz",
            "updated_at timestamptz",
            "version bigint",
            "source_time timestamptz",
            "digest bigint",
            "source_position bigint",
            "tx_id text COLLATE \"C\"",
            "wallet_id text COLLATE \"C\"",
            "entry_type text",
            "amount numeric",
            "amount_signed numeric",
            "related_id text COLLATE \"C\"",
            "related_type text");

    static final String COLUMNS = ROW.names();

    private static final String CREATE =
            "CREATE TEMPORARY TABLE staged_ledger_entry (%s) ON COMMIT DELETE ROWS".formatted(ROW.shape());

    private static final String COPY = "COPY pg_temp.staged_ledger_entry FROM STDIN (FORMAT binary)";

    private static final String MERGE = """
            INSERT INTO ledger_entry AS stored (%s)
            SELECT staged.* FROM pg_temp.staged_ledger_entry AS staged
            ON CONFLICT (tx_id) DO UPDATE SET %s,
                moved_from = nullif(stored.related_id, excluded.related_id)
            WHERE %s < %s RETURNING tx_id, moved_from""".formatted(
            COLUMNS, ROW.replacedBut("tx_id"), SnapshotOrder.sqlRow("stored"), SnapshotOrder.sqlRow("excluded"));

    public static final StagingMerge TABLE = new StagingMerge("staged_ledger_entry", CREATE, COPY, MERGE);

    private LedgerEntryTable() {}

    static void write(BinaryCopy copy, LedgerEntry entry) {
        copy.timestamptz(entry.eventTime())
                .timestamptz(entry.createdAt())
                .timestamptz(entry.updatedAt())
                .bigint(entry.version())
                .timestamptz(entry.origin().time())
                .bigint(entry.origin().digest())
                .bigint(entry.origin().position())
                .text(entry.txId())
                .text(entry.walletId())
                .text(entry.entryType())
                .numeric(entry.amount())
                .numeric(entry.amountSigned())
                .text(entry.relatedId())
                .text(entry.relatedType());
    }
}

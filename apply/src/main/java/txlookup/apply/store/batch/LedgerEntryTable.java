package txlookup.apply.store.batch;

import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.SnapshotOrder;
import txlookup.apply.store.copy.BinaryCopy;

/** How ledger entries are staged and merged. */
public final class LedgerEntryTable {
    private static final String CREATE = """
            CREATE TEMPORARY TABLE staged_ledger_entry (
                ingested_at timestamptz, source_id integer,
                event_time timestamptz, created_at timestamptz, updated_at timestamptz, version bigint,
                source_time timestamptz, digest bigint, source_position bigint,
                tx_id text COLLATE "C", wallet_id text COLLATE "C", entry_type text, amount numeric,
                amount_signed numeric, related_id text COLLATE "C", related_type text
            ) ON COMMIT DELETE ROWS""";

    /** The columns of a row: those of its {@link BulkTable#beginning}, and then as {@link #write} writes them. */
    static final String COLUMNS =
            "ingested_at, source_id, event_time, created_at, updated_at, version, source_time, digest, source_position,"
                    + " tx_id, wallet_id, entry_type, amount, amount_signed, related_id, related_type";

    private static final String COPY = "COPY pg_temp.staged_ledger_entry FROM STDIN (FORMAT binary)";

    private static final String MERGE =
            """
            INSERT INTO ledger_entry AS stored (%s)
            SELECT staged.* FROM pg_temp.staged_ledger_entry AS staged
            ON CONFLICT (tx_id) DO UPDATE SET
                event_time = excluded.event_time, created_at = excluded.created_at,
                updated_at = excluded.updated_at, version = excluded.version,
                source_time = excluded.source_time, digest = excluded.digest,
                source_position = excluded.source_position, wallet_id = excluded.wallet_id,
                entry_type = excluded.entry_type, amount = excluded.amount,
                amount_signed = excluded.amount_signed, related_id = excluded.related_id,
                related_type = excluded.related_type, ingested_at = excluded.ingested_at,
                source_id = excluded.source_id,
                moved_from = nullif(stored.related_id, excluded.related_id)
            WHERE %s < %s RETURNING moved_from""".formatted(COLUMNS, SnapshotOrder.sqlRow("stored"), SnapshotOrder.sqlRow("excluded"));

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

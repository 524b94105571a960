package txlookup.apply.store.batch;

import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.SnapshotOrder;
import txlookup.apply.store.copy.BinaryCopy;

/** How payment orders are staged and merged. */
public final class PaymentOrderTable {
    private static final String CREATE = """
            CREATE TEMPORARY TABLE staged_payment_order (
                ingested_at timestamptz, source_id integer,
                created_at timestamptz, updated_at timestamptz, version bigint,
                source_time timestamptz, digest bigint, source_position bigint,
                order_id text COLLATE "C", user_id text, merchant_name text, amount numeric, status text
            ) ON COMMIT DELETE ROWS""";

    /** The columns of a row: those of its {@link BulkTable#beginning}, and then as {@link #write} writes them. */
    static final String COLUMNS =
            "ingested_at, source_id, created_at, updated_at, version, source_time, digest, source_position,"
                    + " order_id, user_id, merchant_name, amount, status";

    private static final String COPY = "COPY pg_temp.staged_payment_order FROM STDIN (FORMAT binary)";

    private static final String MERGE =
            """
            INSERT INTO payment_order AS stored (%s)
            SELECT staged.* FROM pg_temp.staged_payment_order AS staged
            ON CONFLICT (order_id) DO UPDATE SET
                created_at = excluded.created_at, updated_at = excluded.updated_at,
                version = excluded.version, source_time = excluded.source_time,
                digest = excluded.digest, source_position = excluded.source_position,
                user_id = excluded.user_id, merchant_name = excluded.merchant_name,
                amount = excluded.amount, status = excluded.status,
                ingested_at = excluded.ingested_at, source_id = excluded.source_id
            WHERE %s < %s RETURNING NULL::text""".formatted(COLUMNS, SnapshotOrder.sqlRow("stored"), SnapshotOrder.sqlRow("excluded"));

    public static final StagingMerge TABLE = new StagingMerge("staged_payment_order", CREATE, COPY, MERGE);

    private PaymentOrderTable() {}

    static void write(BinaryCopy copy, PaymentOrder order) {
        copy.timestamptz(order.createdAt())
                .timestamptz(order.updatedAt())
                .bigint(order.version())
                .timestamptz(order.origin().time())
                .bigint(order.origin().digest())
                .bigint(order.origin().position())
                .text(order.orderId())
                .text(order.userId())
                .text(order.merchantName())
                .numeric(order.amount())
                .text(order.status());
    }
}

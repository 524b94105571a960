package txlookup.apply.store.batch;

import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.SnapshotOrder;
import txlookup.apply.store.copy.BinaryCopy;

/** How payment orders are staged and merged. */
public final class PaymentOrderTable {
    /** Those of a row's {@link BulkTable#beginning}, and then as {@link #write} writes them. */
    private static final CopiedColumns ROW = CopiedColumns.of(
            "ingested_at timestamptz",
            "source_id integer",
            "created_at timestamptz",
            "updated_at timestamptz",
            "version bigint",
            "source_time timestamptz",
            "digest bigint",
            "source_position bigint",
            "order_id text COLLATE \"C\"",
            "user_id text",
            "merchant_name text",
            "amount numeric",
            "status text");

    static final String COLUMNS = ROW.names();

    private static final String CREATE =
            "CREATE TEMPORARY TABLE staged_payment_order (%s) ON COMMIT DELETE ROWS".formatted(ROW.shape());

    private static final String COPY = "COPY pg_temp.staged_payment_order FROM STDIN (FORMAT binary)";

    private static final String MERGE = """
            INSERT INTO payment_order AS stored (%s)
            SELECT staged.* FROM pg_temp.staged_payment_order AS staged
            ON CONFLICT (order_id) DO UPDATE SET %s
            WHERE %s < %s RETURNING order_id, NULL::text""".formatted(
            COLUMNS, ROW.replacedBut("order_id"), SnapshotOrder.sqlRow("stored"), SnapshotOrder.sqlRow("excluded"));

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

package txlookup.api.query;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.pairing.RelatedPayment;
import txlookup.api.pairing.RelatedPayment.Order;
import txlookup.api.pairing.RelatedPayment.Side;

/** Rows of the three lookups as what they mean. */
final class PairedRows {
    private PairedRows() {}

    /** The payment that a row's entry belongs to. */
    interface Related {
        RelatedPayment of(ResultSet row) throws SQLException;
    }

    static List<PairedEntry> entries(PreparedStatement statement, Related related) throws SQLException {
        List<PairedEntry> entries = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                entries.add(entry(rows, related.of(rows)));
            }
        }
        return entries;
    }

    static PairedOrder withEntries(String orderId, ResultSet rows) throws SQLException {
        PairedOrder order = order(orderId, rows);
        List<PairedEntry> entries = new ArrayList<>();
        // An order without entries is one row that has no entry.
        if (rows.getString("tx_id") != null) {
            do {
                entries.add(entry(rows, relatedPayment(rows)));
            } while (rows.next());
        }
        return order.with(entries);
    }

    static PairedOrder order(String orderId, ResultSet row) throws SQLException {
        return new PairedOrder(
                orderId,
                row.getString("order_user_id"),
                row.getString("order_merchant_name"),
                row.getString("order_amount"),
                row.getString("order_status"),
                instant(row, "order_created_at"),
                List.of(),
                false);
    }

    private static PairedEntry entry(ResultSet row, RelatedPayment related) throws SQLException {
        return new PairedEntry(
                row.getString("tx_id"),
                row.getString("wallet_id"),
                row.getString("entry_type"),
                row.getString("amount"),
                row.getString("amount_signed"),
                row.getString("related_id"),
                row.getString("related_type"),
                instant(row, "event_time"),
                instant(row, "ingested_at"),
                related);
    }

    static RelatedPayment relatedPayment(ResultSet row) throws SQLException {
        Order order = row.getString("order_id") == null
                ? null
                : new Order(row.getString("status"), row.getString("merchant_name"));
        return new RelatedPayment(
                order,
                side(row.getString("payment_tx_id"), row.getString("payment_wallet_id")),
                side(row.getString("receive_tx_id"), row.getString("receive_wallet_id")));
    }

    private static @Nullable Side side(@Nullable String txId, @Nullable String walletId) {
        return txId == null || walletId == null ? null : new Side(txId, walletId);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}

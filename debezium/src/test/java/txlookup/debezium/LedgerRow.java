package txlookup.debezium;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ledger entry in all columns of the contract, from the source or from the store: decimals as text, times in microseconds. */
record LedgerRow(
        String txId,
        String walletId,
        String entryType,
        String amount,
        @Nullable String amountSigned,
        @Nullable String relatedId,
        @Nullable String relatedType,
        long eventTime,
        long createdAt,
        @Nullable Long updatedAt,
        @Nullable Long version) {
    // A timestamp without a zone counts as UTC here, as it does in the contract.
    private static final String ALL = """
            SELECT tx_id, wallet_id, entry_type, amount::text, amount_signed::text, related_id, related_type,
                (extract(epoch FROM event_time) * 1000000)::bigint, (extract(epoch FROM created_at) * 1000000)::bigint,
                (extract(epoch FROM updated_at) * 1000000)::bigint, version
            FROM %s ORDER BY tx_id COLLATE "C\"""";

    static List<LedgerRow> allOf(Connection connection, String table) throws SQLException {
        List<LedgerRow> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ALL.formatted(table))) {
            while (row.next()) {
                rows.add(new LedgerRow(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getLong(8),
                        row.getLong(9),
                        row.getObject(10, Long.class),
                        row.getObject(11, Long.class)));
            }
        }
        return rows;
    }
}

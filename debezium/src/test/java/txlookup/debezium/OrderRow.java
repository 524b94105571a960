package txlookup.debezium;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A payment order in all columns of the contract, from the source or from the store: decimals as text, times in microseconds. */
record OrderRow(
        String orderId,
        @Nullable String userId,
        @Nullable String merchantName,
        String amount,
        String status,
        long createdAt,
        @Nullable Long updatedAt,
        @Nullable Long version) {
    // A timestamp without a zone counts as UTC here, as it does in the contract.
    private static final String ALL = """
            SELECT order_id, user_id, merchant_name, amount::text, status,
                (extract(epoch FROM created_at) * 1000000)::bigint,
                (extract(epoch FROM updated_at) * 1000000)::bigint, version
            FROM %s ORDER BY order_id COLLATE "C\"""";

    static List<OrderRow> allOf(Connection connection, String table) throws SQLException {
        List<OrderRow> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ALL.formatted(table))) {
            while (row.next()) {
                rows.add(new OrderRow(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6),
                        row.getObject(7, Long.class),
                        row.getObject(8, Long.class)));
            }
        }
        return rows;
    }
}

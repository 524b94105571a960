package txlookup.apply.store.pairing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import txlookup.apply.store.sql.Statements;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/**
 * Entries and orders of some payments, copied to the server that the list of open payments is on, where a generation's
 * tables are spread over several: they cannot be joined with it. The copies are gone with their transaction. The same
 * statements run on them, under other names.
 */
final class NearCopy {
    private static final String TABLES = """
            CREATE TEMPORARY TABLE near_entry (related_id text COLLATE "C", entry_type text, related_type text,
                event_time timestamptz, tx_id text COLLATE "C", amount numeric) ON COMMIT DROP;
            CREATE TEMPORARY TABLE near_order (order_id text COLLATE "C", merchant_name text COLLATE "C") ON COMMIT DROP""";

    private static final String ENTRIES = """
            INSERT INTO near_entry
            SELECT related_id, entry_type, related_type, event_time, tx_id, amount FROM ledger_entry
            WHERE entry_type IN ('PAYMENT', 'RECEIVE') AND (related_type = 'PAYMENT_ORDER' OR related_type IS NULL)
              AND %s""";

    private static final String ORDERS = """
            INSERT INTO near_order SELECT order_id, merchant_name FROM payment_order WHERE %s""";

    // What the server that coordinates has committed, the others show a moment later.
    private static final String UNTIL_ALL_SHOW_IT = "SELECT pg_sleep(0.1)";

    private static final String INDEX = """
            CREATE INDEX ON near_entry (related_id, entry_type, event_time);
            CREATE INDEX ON near_order (order_id); ANALYZE near_entry; ANALYZE near_order""";

    private NearCopy() {}

    /** Whether the tables are spread, so that a copy is needed. */
    static boolean isNeeded(Connection connection) throws SQLException {
        return Statements.isTrue(connection, Distribution.IS_SPREAD);
    }

    /** The same statement on the copies. */
    static String near(String statement) {
        return statement.replace("ledger_entry", "near_entry").replace("payment_order", "near_order");
    }

    /**
     * Copies what there is of some payments.
     *
     * @param ids a statement that gives their ids, of tables that are not spread
     * @return false when there are none, and no copies
     */
    static boolean make(Connection connection, String ids, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ids)) {
            for (int parameter = 0; parameter < values.length; parameter++) {
                statement.setObject(parameter + 1, values[parameter]);
            }
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                List<Object> some = List.of(row.getArray(1));
                Statements.execute(connection, UNTIL_ALL_SHOW_IT);
                Statements.execute(connection, TABLES);
                run(connection, ENTRIES.formatted("related_id = ANY (?)"), some);
                run(connection, ORDERS.formatted("order_id = ANY (?)"), some);
                Statements.execute(connection, INDEX);
                return true;
            }
        }
    }

    /**
     * Copies what there is of the payments in a range of ids.
     *
     * @param bounds of the range, the lower one exclusive; only that where there is no upper one
     */
    static void make(Connection connection, List<String> bounds) throws SQLException {
        Statements.execute(connection, TABLES);
        String within = bounds.size() == 1 ? "%1$s > ?" : "%1$s > ? AND %1$s <= ?";
        run(connection, ENTRIES.formatted(within.formatted("related_id")), bounds);
        run(connection, ORDERS.formatted(within.formatted("order_id")), bounds);
        Statements.execute(connection, INDEX);
    }

    private static void run(Connection connection, String sql, List<?> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int parameter = 0; parameter < values.size(); parameter++) {
                statement.setObject(parameter + 1, values.get(parameter));
            }
            statement.executeUpdate();
        }
    }
}

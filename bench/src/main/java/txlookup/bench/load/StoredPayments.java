package txlookup.bench.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Payments written straight into the store's tables: an order and both its entries each. */
public final class StoredPayments {
    private static final String ENTRIES = """
            INSERT INTO ledger_entry (event_time, created_at, updated_at, version, source_time, digest,
                source_position, ingested_at, source_id, tx_id, wallet_id, entry_type, amount, amount_signed,
                related_id, related_type)
            SELECT at, at, at, 1, at, n, n, now(), 1, 'tx-' || n, 'wallet-' || n %% 50000,
                CASE n %% 2 WHEN 0 THEN 'PAYMENT' ELSE 'RECEIVE' END, 10000.00, NULL, 'order-' || n / 2, 'PAYMENT_ORDER'
            FROM generate_series(0, %d) n, LATERAL (SELECT timestamptz '2026-11-01Z' + n * interval '1 ms') t (at)""";

    private static final String ORDERS = """
            INSERT INTO payment_order (created_at, updated_at, version, source_time, digest, source_position,
                ingested_at, source_id, order_id, user_id, merchant_name, amount, status)
            SELECT at, at, 1, at, n, n, now(), 1, 'order-' || n, 'user-' || n %% 10000, 'Merchant ' || n %% 100,
                10000.00, 'SETTLED'
            FROM generate_series(0, %d) n, LATERAL (SELECT timestamptz '2026-11-01Z' + n * interval '2 ms') t (at)""";

    private StoredPayments() {}

    public static void fill(String url, long payments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute(ENTRIES.formatted(2 * payments - 1));
            statement.execute(ORDERS.formatted(payments - 1));
            statement.execute("VACUUM ANALYZE ledger_entry");
            statement.execute("VACUUM ANALYZE payment_order");
            statement.execute("CHECKPOINT");
        }
    }

    /** One of them for any number. */
    public static String txId(long n, long payments) {
        return "tx-" + n % (2 * payments);
    }
}

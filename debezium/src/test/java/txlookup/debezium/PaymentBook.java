package txlookup.debezium;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Random;

/**
 * One application's session on the source: makes and changes payments with random values. Nothing
 * here commits.
 *
 * <p>Updates follow the rules that the contract needs to know which snapshot wins: {@code updated_at} never goes back on
 * a row, {@code version} grows, and a row that has neither is never updated.
 */
final class PaymentBook {
    private static final String INSERT_ORDER = """
            INSERT INTO payment_orders (order_id, user_id, merchant_name, amount, status, created_at, updated_at,
                version, labels)
            VALUES (?, ?, ?, ?, 'CREATED', ?, ?, ?, ARRAY['new', 'a "quoted", label'])""";

    private static final String INSERT_ENTRY = """
            INSERT INTO transaction_ledger (tx_id, wallet_id, entry_type, amount, amount_signed, related_id,
                related_type, event_time, created_at, updated_at, version, memo)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{"tx_id": "not this one", "note": null}')""";

    // clock_timestamp() is read under the row's lock, now() would be the transaction's begin: a transaction that began
    // earlier and committed later would set the row's updated_at back.
    private static final String UPDATE_ORDER = """
            UPDATE payment_orders SET status = ?, attempts = attempts + 1, version = version + 1,
                updated_at = CASE WHEN ? AND version IS NOT NULL THEN updated_at
                    ELSE greatest(clock_timestamp() AT TIME ZONE 'UTC', updated_at + interval '1 microsecond') END
            WHERE order_id = ? AND (updated_at IS NOT NULL OR version IS NOT NULL)""";

    private static final String UPDATE_ENTRY = """
            UPDATE transaction_ledger SET wallet_id = ?, amount = ?, amount_signed = ?, related_id = ?,
                memo = NULL, posted = NOT posted, version = version + 1,
                updated_at = CASE WHEN ? AND version IS NOT NULL THEN updated_at
                    ELSE greatest(clock_timestamp(), updated_at + interval '1 microsecond') END
            WHERE tx_id = ? AND (updated_at IS NOT NULL OR version IS NOT NULL)""";

    private final Connection connection;
    private final Random random;
    private final HardValues values;

    PaymentBook(Connection connection, Random random) {
        this.connection = connection;
        this.random = random;
        this.values = new HardValues(random);
    }

    /** What a payment's rows are called. */
    record Payment(String id) {
        String orderId() {
            return "order-" + id;
        }

        String payerEntry() {
            return "pay-" + id;
        }

        String payeeEntry() {
            return "receive-" + id;
        }
    }

    /** Inserts an order with the payer's entry, and mostly the payee's; sometimes only an entry that belongs to no order. */
    void open(Payment payment) throws SQLException {
        int kind = random.nextInt(10);
        if (kind == 0) {
            openTopUp(payment);
            return;
        }
        insertOrder(payment.orderId());
        insertEntry(payment.payerEntry(), "PAYMENT", payment.orderId(), kind == 1 ? null : "PAYMENT_ORDER");
        if (kind != 2) {
            insertEntry(payment.payeeEntry(), "RECEIVE", payment.orderId(), kind == 3 ? "REFUND" : "PAYMENT_ORDER");
        }
    }

    /** Inserts an entry that belongs to no order. */
    void openTopUp(Payment payment) throws SQLException {
        insertEntry(payment.payerEntry(), "TOPUP", null, null);
    }

    /** Updates the rows of a payment that are there, in an order that keeps two sessions from a deadlock. */
    void change(Payment payment) throws SQLException {
        boolean versionOnly = random.nextInt(4) == 0;
        if (random.nextBoolean()) {
            try (PreparedStatement statement = connection.prepareStatement(UPDATE_ORDER)) {
                statement.setString(1, values.status());
                statement.setBoolean(2, versionOnly);
                statement.setString(3, payment.orderId());
                statement.executeUpdate();
            }
        }
        updateEntry(payment.payerEntry(), payment.orderId(), versionOnly);
        if (random.nextBoolean()) {
            updateEntry(payment.payeeEntry(), payment.orderId(), versionOnly);
        }
    }

    private void insertOrder(String orderId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT_ORDER)) {
            boolean updatedAt = random.nextInt(4) > 0;
            boolean version = random.nextInt(4) > 0;
            statement.setString(1, orderId);
            statement.setString(2, random.nextBoolean() ? "user-" + random.nextInt(50) : null);
            statement.setString(3, values.merchantName());
            statement.setBigDecimal(4, values.amount());
            statement.setObject(5, values.time());
            statement.setObject(6, updatedAt ? values.someDaysAgo().toLocalDateTime() : null, Types.TIMESTAMP);
            statement.setObject(7, version ? (long) random.nextInt(3) : null, Types.BIGINT);
            statement.executeUpdate();
        }
    }

    private void insertEntry(String txId, String entryType, String relatedId, String relatedType) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT_ENTRY)) {
            boolean updatedAt = random.nextInt(4) > 0;
            boolean version = random.nextInt(4) > 0;
            statement.setString(1, txId);
            statement.setString(2, "wallet-" + random.nextInt(40));
            statement.setString(3, entryType);
            statement.setBigDecimal(4, values.amountOfEightDigits());
            statement.setBigDecimal(5, random.nextBoolean() ? values.amount().negate() : null);
            statement.setString(6, relatedId);
            statement.setString(7, relatedType);
            statement.setObject(8, values.time());
            statement.setObject(9, values.time().toLocalDateTime());
            statement.setObject(10, updatedAt ? values.someDaysAgo() : null, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(11, version ? Long.MAX_VALUE - 1_000_000 + random.nextInt(3) : null, Types.BIGINT);
            statement.executeUpdate();
        }
    }

    private void updateEntry(String txId, String orderId, boolean versionOnly) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UPDATE_ENTRY)) {
            statement.setString(1, "wallet-" + random.nextInt(40));
            statement.setBigDecimal(2, values.amountOfEightDigits());
            statement.setBigDecimal(3, random.nextBoolean() ? values.amount().negate() : null);
            statement.setString(4, random.nextInt(8) > 0 ? orderId : null);
            statement.setBoolean(5, versionOnly);
            statement.setString(6, txId);
            statement.executeUpdate();
        }
    }
}

package txlookup.api;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A payment order as a writer would have stored it; every test changes only what it is about. */
public record StoredOrder(
        String orderId,
        @Nullable String userId,
        @Nullable String merchantName,
        String amount,
        String status,
        Instant createdAt) {

    private static final String INSERT = """
            INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id,
                order_id, user_id, merchant_name, amount, status)
            VALUES (?, ?, 0, 0, ?, 1, ?, ?, ?, ?, ?)""";

    public static StoredOrder order(String orderId) {
        return new StoredOrder(
                orderId, "U-1", "Blue Bottle", "10000.00", "SETTLED", Instant.parse("2026-02-05T00:59:58Z"));
    }

    public StoredOrder status(String newStatus) {
        return new StoredOrder(orderId, userId, merchantName, amount, newStatus, createdAt);
    }

    public StoredOrder amount(String newAmount) {
        return new StoredOrder(orderId, userId, merchantName, newAmount, status, createdAt);
    }

    public StoredOrder merchant(String newMerchantName) {
        return new StoredOrder(orderId, userId, newMerchantName, amount, status, createdAt);
    }

    public StoredOrder user(String newUserId) {
        return new StoredOrder(orderId, newUserId, merchantName, amount, status, createdAt);
    }

    public StoredOrder at(String newCreatedAt) {
        return new StoredOrder(orderId, userId, merchantName, amount, status, Instant.parse(newCreatedAt));
    }

    StoredOrder nameless() {
        return new StoredOrder(orderId, null, null, amount, status, createdAt);
    }

    void insert(Connection store) throws SQLException {
        try (PreparedStatement insert = store.prepareStatement(INSERT)) {
            insert.setObject(1, createdAt.atOffset(ZoneOffset.UTC));
            insert.setObject(2, createdAt.atOffset(ZoneOffset.UTC));
            insert.setObject(3, createdAt.atOffset(ZoneOffset.UTC));
            insert.setString(4, orderId);
            insert.setString(5, userId);
            insert.setString(6, merchantName);
            insert.setBigDecimal(7, new BigDecimal(amount));
            insert.setString(8, status);
            insert.executeUpdate();
        }
    }
}

package txlookup.api;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A ledger entry as a writer would have stored it; every test changes only what it is about. */
public record StoredEntry(
        String txId,
        String walletId,
        String entryType,
        String amount,
        @Nullable String amountSigned,
        @Nullable String relatedId,
        @Nullable String relatedType,
        Instant eventTime,
        Instant ingestedAt) {

    static final Instant EVENT_TIME = Instant.parse("2026-02-05T01:00:00Z");
    static final Instant INGESTED_AT = Instant.parse("2026-02-05T01:00:02Z");

    private static final String INSERT = """
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at,
                source_id, tx_id, wallet_id, entry_type, amount, amount_signed, related_id, related_type)
            VALUES (?, ?, ?, 0, 0, ?, 1, ?, ?, ?, ?, ?, ?, ?)""";

    public static StoredEntry payment(String txId) {
        return new StoredEntry(txId, "W-PAYER", "PAYMENT", "10000.00", null, null, null, EVENT_TIME, INGESTED_AT);
    }

    public static StoredEntry receive(String txId) {
        return payment(txId).type("RECEIVE").wallet("W-PAYEE");
    }

    public StoredEntry wallet(String newWalletId) {
        return new StoredEntry(
                txId, newWalletId, entryType, amount, amountSigned, relatedId, relatedType, eventTime, ingestedAt);
    }

    public StoredEntry type(String newType) {
        return new StoredEntry(
                txId, walletId, newType, amount, amountSigned, relatedId, relatedType, eventTime, ingestedAt);
    }

    public StoredEntry amounts(String newAmount, @Nullable String newAmountSigned) {
        return new StoredEntry(
                txId, walletId, entryType, newAmount, newAmountSigned, relatedId, relatedType, eventTime, ingestedAt);
    }

    public StoredEntry related(@Nullable String newRelatedId, @Nullable String newRelatedType) {
        return new StoredEntry(
                txId, walletId, entryType, amount, amountSigned, newRelatedId, newRelatedType, eventTime, ingestedAt);
    }

    public StoredEntry toOrder(String orderId) {
        return related(orderId, "PAYMENT_ORDER");
    }

    public StoredEntry at(Instant newEventTime) {
        return new StoredEntry(
                txId, walletId, entryType, amount, amountSigned, relatedId, relatedType, newEventTime, ingestedAt);
    }

    public StoredEntry at(String newEventTime) {
        return at(Instant.parse(newEventTime));
    }

    public StoredEntry ingestedAt(String newIngestedAt) {
        return new StoredEntry(
                txId,
                walletId,
                entryType,
                amount,
                amountSigned,
                relatedId,
                relatedType,
                eventTime,
                Instant.parse(newIngestedAt));
    }

    void insert(Connection store) throws SQLException {
        try (PreparedStatement insert = store.prepareStatement(INSERT)) {
            insert.setObject(1, eventTime.atOffset(ZoneOffset.UTC));
            insert.setObject(2, eventTime.atOffset(ZoneOffset.UTC));
            insert.setObject(3, eventTime.atOffset(ZoneOffset.UTC));
            insert.setObject(4, ingestedAt.atOffset(ZoneOffset.UTC));
            insert.setString(5, txId);
            insert.setString(6, walletId);
            insert.setString(7, entryType);
            insert.setBigDecimal(8, new BigDecimal(amount));
            insert.setObject(9, amountSigned == null ? null : new BigDecimal(amountSigned), Types.NUMERIC);
            insert.setString(10, relatedId);
            insert.setString(11, relatedType);
            insert.executeUpdate();
        }
    }
}

package txlookup.apply.model;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A snapshot of a payment order; the fields are those of docs/contract.md, Payment order. */
public record PaymentOrder(
        String orderId,
        @Nullable String userId,
        @Nullable String merchantName,
        BigDecimal amount,
        String status,
        Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable Long version,
        Origin origin)
        implements Snapshot {
    @Override
    public String key() {
        return orderId;
    }

    @Override
    public PaymentOrder at(long position) {
        return new PaymentOrder(
                orderId, userId, merchantName, amount, status, createdAt, updatedAt, version, origin.at(position));
    }
}

package txlookup.api.explain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a stored row came from.
 *
 * @param source BACKFILL, STREAM, REPLAY or REPAIR; null where the store does not say
 * @param sourceName topic, or the backfill input's file or table
 * @param partition of the topic; null where there is none
 * @param position offset in the partition, or line or row in the input
 * @param sourceTime the record's time, or when the backfill's source was read
 * @param appliedAt when it became visible here
 */
public record Provenance(
        String entity,
        String id,
        @Nullable String entryType,
        @Nullable String walletId,
        String amount,
        @Nullable String relatedId,
        @Nullable String relatedType,
        @Nullable Long version,
        @Nullable Instant eventTime,
        Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable Long generation,
        @Nullable String source,
        @Nullable String sourceName,
        @Nullable Integer partition,
        long position,
        Instant sourceTime,
        Instant appliedAt) {

    static final String LEDGER_ENTRY = "ledger_entry";
    static final String PAYMENT_ORDER = "payment_order";

    /** Whether it is a ledger entry; else it is a payment order. */
    public boolean holdsEntry() {
        return entity.equals(LEDGER_ENTRY);
    }
}

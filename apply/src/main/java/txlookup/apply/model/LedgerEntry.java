package txlookup.apply.model;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A snapshot of a ledger entry; the fields are those of docs/contract.md, Ledger entry. */
public record LedgerEntry(
        String txId,
        String walletId,
        String entryType,
        BigDecimal amount,
        @Nullable BigDecimal amountSigned,
        @Nullable String relatedId,
        @Nullable String relatedType,
        Instant eventTime,
        Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable Long version,
        Origin origin)
        implements Snapshot {
    @Override
    public String key() {
        return txId;
    }

    @Override
    public LedgerEntry at(long position) {
        return new LedgerEntry(
                txId,
                walletId,
                entryType,
                amount,
                amountSigned,
                relatedId,
                relatedType,
                eventTime,
                createdAt,
                updatedAt,
                version,
                origin.at(position));
    }
}

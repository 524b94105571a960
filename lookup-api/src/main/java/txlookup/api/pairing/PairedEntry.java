package txlookup.api.pairing;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stored ledger entry with what pairs it. Amounts are text, so that digits and scale stay as stored. */
public record PairedEntry(
        String txId,
        String walletId,
        String entryType,
        String amount,
        @Nullable String amountSigned,
        @Nullable String relatedId,
        @Nullable String relatedType,
        Instant eventTime,
        Instant ingestedAt,
        RelatedPayment relatedPayment) {

    /** The pairing of this entry: the one way in which every endpoint derives it. */
    public Pairing pairing() {
        return Pairing.of(this);
    }

    PairedEntry with(RelatedPayment related) {
        return new PairedEntry(
                txId,
                walletId,
                entryType,
                amount,
                amountSigned,
                relatedId,
                relatedType,
                eventTime,
                ingestedAt,
                related);
    }

    /** Whole seconds of {@code now - max(ingested_at, event_time)}, never negative. */
    public long lagSeconds(Instant now) {
        Instant latest = ingestedAt.isAfter(eventTime) ? ingestedAt : eventTime;
        return Math.max(0, Duration.between(latest, now).toSeconds());
    }
}

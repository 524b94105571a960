package txlookup.api.pairing;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored payment order with the entries that carry its id, newest first.
 *
 * @param isTruncated whether there are more than the {@value #MOST_ENTRIES} that are shown
 */
public record PairedOrder(
        String orderId,
        @Nullable String userId,
        @Nullable String merchantName,
        String amount,
        String status,
        Instant createdAt,
        List<PairedEntry> entries,
        boolean isTruncated) {
    /** Shown at most: a payment has two entries, and an answer must fit into memory. */
    public static final int MOST_ENTRIES = 1_000;

    /** The same with these entries, of which one more than is shown tells that there are more. */
    public PairedOrder with(List<PairedEntry> found) {
        boolean more = found.size() > MOST_ENTRIES;
        List<PairedEntry> shown = more ? found.subList(0, MOST_ENTRIES) : found;
        return new PairedOrder(orderId, userId, merchantName, amount, status, createdAt, shown, more);
    }

    /** COMPLETE with both sides, INCOMPLETE with one or with entries that do not pair, UNKNOWN with no entries. */
    public PairingStatus pairingStatus() {
        if (entries.isEmpty()) {
            return PairingStatus.UNKNOWN;
        }
        // All entries of one order share what is related to its id.
        return entries.get(0).relatedPayment().hasBothSides() ? PairingStatus.COMPLETE : PairingStatus.INCOMPLETE;
    }
}

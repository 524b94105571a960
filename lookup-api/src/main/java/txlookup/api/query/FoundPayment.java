package txlookup.api.query;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.Pairing;
import txlookup.api.pairing.PairingStatus;
import txlookup.api.search.IdPrefix;

/**
 * A payment that a search found.
 *
 * @param type payment_order, or tx where a wallet's entries were searched
 * @param eventTime when the order was created, or the entry happened
 * @param userId of the order; null of an entry
 */
public record FoundPayment(
        String type,
        String id,
        String link,
        Instant eventTime,
        String amount,
        @Nullable String status,
        StatusGroup statusGroup,
        @Nullable String userId,
        @Nullable String merchantName,
        @Nullable String senderWalletId,
        @Nullable String receiverWalletId,
        PairingStatus pairingStatus) {
    static FoundPayment of(PairedEntry entry) {
        Pairing pairing = entry.pairing();
        return new FoundPayment(
                "tx",
                entry.txId(),
                "/admin/tx/" + IdPrefix.segment(entry.txId()),
                entry.eventTime(),
                entry.amount(),
                pairing.orderStatus(),
                StatusGroup.of(pairing.orderStatus()),
                null,
                pairing.merchantName(),
                pairing.senderWalletId(),
                pairing.receiverWalletId(),
                pairing.status());
    }
}

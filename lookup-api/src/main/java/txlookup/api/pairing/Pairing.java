package txlookup.api.pairing;

import org.jspecify.annotations.Nullable;
import txlookup.api.pairing.RelatedPayment.Order;
import txlookup.api.pairing.RelatedPayment.Side;

/**
 * How an entry pairs (docs/contract.md, Pairing), derived from the entries themselves at each lookup: there is no
 * second truth that could disagree.
 *
 * @param relatedType its own; else {@code PAYMENT_ORDER} when an order with that id exists; else {@code UNKNOWN}
 * @param orderStatus status of the payment order that it belongs to; of an entry that does not pair, null
 * @param merchantName merchant of the payment order that it belongs to; of an entry that does not pair, null
 */
public record Pairing(
        String relatedType,
        PairingStatus status,
        @Nullable String orderStatus,
        @Nullable String merchantName,
        @Nullable String senderWalletId,
        @Nullable String receiverWalletId,
        @Nullable String pairedTxId) {

    private static final String PAYMENT = "PAYMENT";
    private static final String RECEIVE = "RECEIVE";
    private static final String PAYMENT_ORDER = "PAYMENT_ORDER";

    static Pairing of(PairedEntry entry) {
        RelatedPayment related = entry.relatedPayment();
        String relatedType = relatedType(entry);
        boolean pairs = entry.relatedId() != null && relatedType.equals(PAYMENT_ORDER);
        boolean pays = entry.entryType().equals(PAYMENT);
        boolean receives = entry.entryType().equals(RECEIVE);

        // The entry's own side is itself, whichever entry of that side the other one would choose.
        Side itself = new Side(entry.txId(), entry.walletId());
        Side sender = pays ? itself : pairs ? related.payment() : null;
        Side receiver = receives ? itself : pairs ? related.receive() : null;
        Side other = pays ? receiver : receives ? sender : null;
        Order order = pairs ? related.order() : null;
        return new Pairing(
                relatedType,
                status(pairs, sender, receiver),
                order == null ? null : order.status(),
                order == null ? null : order.merchantName(),
                sender == null ? null : sender.walletId(),
                receiver == null ? null : receiver.walletId(),
                other == null ? null : other.txId());
    }

    private static String relatedType(PairedEntry entry) {
        if (entry.relatedType() != null) {
            return entry.relatedType();
        }
        return entry.relatedPayment().order() != null ? PAYMENT_ORDER : "UNKNOWN";
    }

    private static PairingStatus status(boolean pairs, @Nullable Side sender, @Nullable Side receiver) {
        if (!pairs) {
            return PairingStatus.UNKNOWN;
        }
        return sender != null && receiver != null ? PairingStatus.COMPLETE : PairingStatus.INCOMPLETE;
    }
}

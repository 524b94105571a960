package txlookup.api.lookup;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.pairing.Pairing;
import txlookup.api.pairing.PairingStatus;
import txlookup.api.query.StatusGroup;

/** The bodies of docs/contract.md's Lookup API: the order of the components is the order of the keys. */
final class Answers {
    private Answers() {}

    record Related(String relatedId, String relatedType) {}

    record Transaction(
            String txId,
            Instant eventTime,
            String entryType,
            String amount,
            @Nullable String amountSigned,
            @Nullable String status,
            StatusGroup statusGroup,
            @Nullable String senderWalletId,
            @Nullable String receiverWalletId,
            @Nullable Related related,
            @Nullable String pairedTxId,
            @Nullable String merchantName,
            PairingStatus pairingStatus,
            long dataLagSec) {

        static Transaction of(PairedEntry entry, Instant now) {
            Pairing pairing = entry.pairing();
            return new Transaction(
                    entry.txId(),
                    entry.eventTime(),
                    entry.entryType(),
                    entry.amount(),
                    entry.amountSigned(),
                    pairing.orderStatus(),
                    StatusGroup.of(pairing.orderStatus()),
                    pairing.senderWalletId(),
                    pairing.receiverWalletId(),
                    entry.relatedId() == null ? null : new Related(entry.relatedId(), pairing.relatedType()),
                    pairing.pairedTxId(),
                    pairing.merchantName(),
                    pairing.status(),
                    entry.lagSeconds(now));
        }
    }

    record Order(
            String orderId,
            @Nullable String userId,
            @Nullable String merchantName,
            String amount,
            String status,
            StatusGroup statusGroup,
            Instant createdAt) {}

    record OrderWithEntries(Order order, List<Item> ledgerEntries, PairingStatus pairingStatus) {
        static OrderWithEntries of(PairedOrder order, Instant now) {
            return new OrderWithEntries(
                    new Order(
                            order.orderId(),
                            order.userId(),
                            order.merchantName(),
                            order.amount(),
                            order.status(),
                            StatusGroup.of(order.status()),
                            order.createdAt()),
                    Item.listOf(order.entries(), now),
                    order.pairingStatus());
        }
    }

    record Wallet(
            String walletId,
            List<Item> entries,
            int count,
            @Nullable String nextCursor) {
        static Wallet of(String walletId, List<PairedEntry> page, Optional<String> nextCursor, Instant now) {
            return new Wallet(walletId, Item.listOf(page, now), page.size(), nextCursor.orElse(null));
        }
    }

    record Item(
            String txId,
            Instant eventTime,
            String entryType,
            String amount,
            @Nullable String amountSigned,
            String walletId,
            @Nullable String status,
            StatusGroup statusGroup,
            @Nullable String pairedTxId,
            PairingStatus pairingStatus,
            long dataLagSec) {

        static List<Item> listOf(List<PairedEntry> entries, Instant now) {
            return entries.stream().map(entry -> of(entry, now)).toList();
        }

        private static Item of(PairedEntry entry, Instant now) {
            Pairing pairing = entry.pairing();
            return new Item(
                    entry.txId(),
                    entry.eventTime(),
                    entry.entryType(),
                    entry.amount(),
                    entry.amountSigned(),
                    entry.walletId(),
                    pairing.orderStatus(),
                    StatusGroup.of(pairing.orderStatus()),
                    pairing.pairedTxId(),
                    pairing.status(),
                    entry.lagSeconds(now));
        }
    }
}

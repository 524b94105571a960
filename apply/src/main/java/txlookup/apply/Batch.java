package txlookup.apply;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one transaction applies: the newest snapshot of each key, in the order in which keys came, and the dead letters.
 * Snapshots that lost within the batch are counted, not kept.
 *
 * @param stale snapshots that a newer one of the same batch beat
 * @param duplicate snapshots with the content of one that was kept
 */
public record Batch(
        List<LedgerEntry> ledgerEntries,
        List<PaymentOrder> paymentOrders,
        List<DeadLetter> deadLetters,
        int stale,
        int duplicate) {

    /** Folds decoded records, in any order, to one snapshot a key. */
    public static Batch fold(Collection<? extends Decoded> decoded) {
        Fold<LedgerEntry> ledgerEntries = new Fold<>(decoded.size());
        Fold<PaymentOrder> paymentOrders = new Fold<>(16);
        List<DeadLetter> deadLetters = new ArrayList<>(0);
        for (Decoded one : decoded) {
            if (one instanceof LedgerEntry entry) {
                ledgerEntries.add(entry);
            } else if (one instanceof PaymentOrder order) {
                paymentOrders.add(order);
            } else if (one instanceof DeadLetter deadLetter) {
                deadLetters.add(deadLetter);
            }
        }
        return new Batch(
                List.copyOf(ledgerEntries.newest.values()),
                List.copyOf(paymentOrders.newest.values()),
                deadLetters,
                ledgerEntries.stale + paymentOrders.stale,
                ledgerEntries.duplicate + paymentOrders.duplicate);
    }

    /** How many records this batch accounts for. */
    public int consumed() {
        return ledgerEntries.size() + paymentOrders.size() + deadLetters.size() + stale + duplicate;
    }

    private static final class Fold<T extends Snapshot> {
        private final Map<String, T> newest;
        private int stale;
        private int duplicate;

        Fold(int expected) {
            // Snapshots lie in memory as they came: from a hash table's order, or that of keys, each is a miss of the
            // cache.
            newest = new LinkedHashMap<>(expected * 2);
        }

        void add(T snapshot) {
            T other = newest.putIfAbsent(snapshot.key(), snapshot);
            if (other == null) {
                return;
            }
            if (other.origin().digest() == snapshot.origin().digest()) {
                duplicate++;
            } else {
                stale++;
            }
            if (SnapshotOrder.OLDEST_FIRST.compare(other, snapshot) < 0) {
                newest.put(snapshot.key(), snapshot);
            }
        }
    }
}

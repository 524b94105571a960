package txlookup.proof.compare;

import java.time.Instant;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SnapshotOrder;
import txlookup.apply.store.repair.SeenRow;

/**
 * What a side holds of one key.
 *
 * @param snapshot the fields, with the digest that they have
 * @param storedDigest the digest that lies beside them; the same unless somebody changed one behind the other
 */
public record StoredVersion(Snapshot snapshot, long storedDigest) {
    /** What a source says: nothing lies beside it that could differ. */
    public static StoredVersion of(Snapshot snapshot) {
        return new StoredVersion(snapshot, snapshot.origin().digest());
    }

    /** The one of two that wins (docs/contract.md, Which snapshot wins). */
    public static StoredVersion newer(StoredVersion one, StoredVersion other) {
        return SnapshotOrder.OLDEST_FIRST.compare(one.snapshot, other.snapshot) < 0 ? other : one;
    }

    /** Whether the fields are those of the stored digest. */
    public boolean isIntact() {
        return storedDigest == snapshot.origin().digest();
    }

    /** When the source last changed it, as far as it says, else when it came to be. */
    public Instant orderTime() {
        Instant updatedAt = snapshot.updatedAt();
        if (updatedAt != null) {
            return updatedAt;
        }
        return snapshot instanceof LedgerEntry entry ? entry.createdAt() : ((PaymentOrder) snapshot).createdAt();
    }

    public SeenRow seen() {
        return new SeenRow(snapshot.key(), snapshot.updatedAt(), snapshot.version(), storedDigest);
    }
}

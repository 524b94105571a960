package txlookup.apply.store.batch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Marker;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.store.copy.BinaryCopy;

/**
 * What one transaction applies: the newest snapshot of each key as the server wants it, the dead letters, and the markers.
 * Snapshots that lost within the batch are counted, not kept. Made by a {@link BatchEncoder}.
 */
public final class Batch {
    private final Iterable<? extends Decoded> decoded;
    private final EncodedRows<LedgerEntry> ledgerEntries;
    private final EncodedRows<PaymentOrder> paymentOrders;
    private final List<DeadLetter> deadLetters = new ArrayList<>(0);
    private final List<Marker> markers = new ArrayList<>(0);
    private int given;
    private int unversioned;
    private @Nullable Instant newest;

    Batch(Iterable<? extends Decoded> decoded, BinaryCopy entries, BinaryCopy orders) {
        this.decoded = decoded;
        this.ledgerEntries = new EncodedRows<>(BulkTable.LEDGER_ENTRY, entries);
        this.paymentOrders = new EncodedRows<>(BulkTable.PAYMENT_ORDER, orders);
    }

    void add(Decoded one) {
        given++;
        if (one instanceof LedgerEntry entry) {
            ledgerEntries.add(entry);
            came(entry);
        } else if (one instanceof PaymentOrder order) {
            paymentOrders.add(order);
            came(order);
        } else if (one instanceof DeadLetter letter) {
            deadLetters.add(letter);
            came(letter.record().time());
        } else if (one instanceof Marker marker) {
            markers.add(marker);
            came(marker.record().time());
        }
    }

    private void came(Snapshot snapshot) {
        if (snapshot.updatedAt() == null && snapshot.version() == null) {
            unversioned++;
        }
        came(snapshot.origin().time());
    }

    private void came(Instant time) {
        if (newest == null || time.isAfter(newest)) {
            newest = time;
        }
    }

    /** What it was made of, once more; a source that decodes as it is read decodes again. */
    public Iterable<? extends Decoded> decoded() {
        return decoded;
    }

    public EncodedRows<LedgerEntry> ledgerEntries() {
        return ledgerEntries;
    }

    public EncodedRows<PaymentOrder> paymentOrders() {
        return paymentOrders;
    }

    /** What could not be decoded, in the order in which it came. */
    public List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    /** The marker events, which are no data. */
    public List<Marker> markers() {
        return markers;
    }

    /** How many records it was made of, as they were walked over: what becomes of them has to add up to this. */
    int given() {
        return given;
    }

    /** How many records this batch accounts for; markers are none of them. */
    public int consumed() {
        return given - markers.size();
    }

    /** How many snapshots have neither {@code updated_at} nor {@code version}. */
    public int unversioned() {
        return unversioned;
    }

    /** The latest source time; null where nothing came. */
    public @Nullable Instant newest() {
        return newest;
    }
}

package txlookup.apply.store.batch;

import txlookup.apply.model.Decoded;
import txlookup.apply.store.copy.BinaryCopy;

/**
 * Makes batches, encoding each snapshot as soon as it is decoded: the snapshots themselves are garbage by then. Keeping ten
 * thousand of them costs more, in copying by the collector and in reaching for them again, than encoding does.
 *
 * <p>Belongs to one thread. The room for rows, some megabytes, is used again: a batch is good until the next one is made.
 */
public final class BatchEncoder {
    private final BinaryCopy ledgerEntries;
    private final BinaryCopy paymentOrders;

    public BatchEncoder() {
        this.ledgerEntries = new BinaryCopy();
        this.paymentOrders = new BinaryCopy();
    }

    /** @param room for so many bytes at first, of one small batch */
    public BatchEncoder(int room) {
        this.ledgerEntries = new BinaryCopy(room);
        this.paymentOrders = new BinaryCopy(room);
    }

    /**
     * Encodes what was decoded.
     *
     * @param decoded in any order; read once, and again to find what PostgreSQL refuses or to settle a replay
     */
    public Batch encode(Iterable<? extends Decoded> decoded) {
        ledgerEntries.clear();
        paymentOrders.clear();
        Batch batch = new Batch(decoded, ledgerEntries, paymentOrders);
        for (Decoded one : decoded) {
            batch.add(one);
        }
        return batch;
    }
}

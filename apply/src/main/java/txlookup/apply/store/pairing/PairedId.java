package txlookup.apply.store.pairing;

import org.jspecify.annotations.Nullable;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;

/** The payment whose pairing a row may change, and in which way (docs/contract.md, Pairing). */
public record PairedId(String id, Kind kind) {
    /** What is known without reading the store. */
    enum Kind {
        PAYMENT,
        RECEIVE,
        ORDER,
        /** A side if there is such an order. */
        UNTYPED,
        /** No side; but the row that it replaces may have been one. */
        NONE
    }

    /** Null for an entry that names nothing. */
    public static @Nullable PairedId of(LedgerEntry entry) {
        String id = entry.relatedId();
        boolean pays = entry.entryType().equals("PAYMENT");
        if (id == null) {
            return null;
        }
        if (!pays && !entry.entryType().equals("RECEIVE")) {
            return new PairedId(id, Kind.NONE);
        }
        if (entry.relatedType() == null) {
            return new PairedId(id, Kind.UNTYPED);
        }
        Kind side = pays ? Kind.PAYMENT : Kind.RECEIVE;
        return new PairedId(id, entry.relatedType().equals("PAYMENT_ORDER") ? side : Kind.NONE);
    }

    /** An order says of untyped entries that they pair, and names the merchant. */
    public static PairedId of(PaymentOrder order) {
        return new PairedId(order.orderId(), Kind.ORDER);
    }
}

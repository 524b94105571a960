package txlookup.apply.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.Decoded;
import txlookup.apply.LedgerEntry;
import txlookup.apply.PaymentOrder;
import txlookup.apply.SourceRecord;

/**
 * An index refuses rows that the table takes, and a table without indexes would take them until it is too late. Rows with
 * uncommonly long keys are tried on the migrated table first.
 */
final class LongKeys {
    /** An index entry may have 2,704 bytes, and a character of a Java string takes 3 at most. */
    private static final int SURELY_FITS = 880;

    private LongKeys() {}

    /** There are rows to be tried; made without a stack, for it says nothing about a fault. */
    static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1;

        Found() {
            super("rows with long keys have to be tried first", null, false, false);
        }

        List<Decoded> setAside(
                DataSource connections,
                int sourceId,
                Iterable<? extends Decoded> decoded,
                LongFunction<SourceRecord> records)
                throws SQLException {
            List<Decoded> all = new ArrayList<>();
            List<Decoded> suspects = new ArrayList<>();
            for (Decoded one : decoded) {
                all.add(one);
                if (isSuspect(one)) {
                    suspects.add(one);
                }
            }
            return UnstorableSearch.setAside(connections, sourceId, all, suspects, records);
        }
    }

    static boolean isSuspect(Decoded one) {
        if (one instanceof LedgerEntry entry) {
            return isLong(entry.txId()) || isLong(entry.walletId()) || isLong(entry.relatedId());
        }
        return one instanceof PaymentOrder order && isLong(order.orderId());
    }

    private static boolean isLong(@Nullable String value) {
        return value != null && value.length() > SURELY_FITS;
    }
}

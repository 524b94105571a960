package txlookup.api;

import java.time.Instant;

/** The last entry of a page; the next page starts after it. */
record Cursor(Instant eventTime, String txId) {
    static Cursor after(LedgerEntry entry) {
        return new Cursor(entry.eventTime(), entry.txId());
    }
}

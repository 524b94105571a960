package txlookup.api.web;

import java.time.Instant;
import txlookup.api.pairing.PairedEntry;

/** The last entry of a page; the next page starts after it. */
public record Cursor(Instant eventTime, String txId) {
    public static Cursor after(PairedEntry entry) {
        return new Cursor(entry.eventTime(), entry.txId());
    }
}

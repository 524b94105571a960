package txlookup.bench.load;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Payments as an extract has them: an order and both its entries each, every entry with the same amount. */
public final class PaymentFiles {
    private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");

    private static final String ENTRY = """
            {"tx_id":"tx-%d","wallet_id":"wallet-%d","entry_type":"%s","amount":"10000.00","related_id":"order-%d",\
            "related_type":"PAYMENT_ORDER","event_time":"%s","created_at":"%5$s","updated_at":"%5$s","version":1}
            """;

    private static final String ORDER = """
            {"order_id":"order-%d","user_id":"user-%d","merchant_name":"Merchant %d","amount":"10000.00",\
            "status":"SETTLED","created_at":"%s","updated_at":"%4$s","version":1}
            """;

    private PaymentFiles() {}

    /** The entries' file, then the orders'. */
    public static List<Path> write(Path folder, long payments) throws IOException {
        Path entries = folder.resolve("entries.ndjson");
        Path orders = folder.resolve("orders.ndjson");
        try (BufferedWriter out = Files.newBufferedWriter(entries)) {
            for (long n = 0; n < 2 * payments; n++) {
                out.write(
                        ENTRY.formatted(n, n % 50_000, n % 2 == 0 ? "PAYMENT" : "RECEIVE", n / 2, FROM.plusMillis(n)));
            }
        }
        try (BufferedWriter out = Files.newBufferedWriter(orders)) {
            for (long n = 0; n < payments; n++) {
                out.write(ORDER.formatted(n, n % 10_000, n % 100, FROM.plusMillis(2 * n)));
            }
        }
        return List.of(entries, orders);
    }
}

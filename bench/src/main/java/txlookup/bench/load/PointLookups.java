package txlookup.bench.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.SplittableRandom;
import txlookup.bench.measure.Latencies;
import txlookup.traffic.Payments;

/** Asks a store for single entries, as the API does, a hundred times a second, and keeps how long each took. */
public final class PointLookups {
    private static final String ENTRY = """
            SELECT e.*, o.status, o.merchant_name, p.tx_id FROM ledger_entry AS e
            LEFT JOIN payment_order AS o ON o.order_id = e.related_id
            LEFT JOIN ledger_entry AS p ON p.related_id = e.related_id AND p.tx_id <> e.tx_id
            WHERE e.tx_id = ?""";

    private static final long EVERY_NANOS = 10_000_000;

    private final Latencies latencies = new Latencies();
    private final Thread asking;
    private volatile boolean ended;

    public PointLookups(String url) {
        asking = new Thread(() -> ask(url), "lookups");
        asking.start();
    }

    private void ask(String url) {
        SplittableRandom random = new SplittableRandom(7);
        long start = System.nanoTime();
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                PreparedStatement statement = connection.prepareStatement(ENTRY)) {
            for (long n = 0; !ended; n++) {
                // When it was due, not when it could begin: waiting is part of what a caller sees.
                long due = start + n * EVERY_NANOS;
                while (System.nanoTime() < due) {
                    Thread.sleep(1);
                }
                statement.setString(1, Payments.paymentTxId(random.nextInt(100_000)));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                }
                latencies.add(System.nanoTime() - due);
            }
            latencies.took(System.nanoTime() - start);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the asking; the time that 95 of a hundred took at most. */
    public double endWithP95Millis() throws InterruptedException {
        ended = true;
        asking.join();
        return latencies.millis(0.95);
    }
}

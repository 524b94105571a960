package txlookup.bench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.RateLimitedProducer;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/** One record in a hundred is bad: all of them and only they become dead letters, and what does it cost? */
final class PoisonBench {
    private static final Payments PAYMENTS = new Payments(4, Instant.parse("2026-11-01T00:00:00Z"), 1_000_000);

    private static final String DEAD_LETTERS = """
            SELECT convert_from(record_key, 'UTF8') || ' ' || convert_from(record_value, 'UTF8') FROM dead_letter""";

    private PoisonBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println("Usage: bench/poison [--events N]\nDefault: 1,000,000. Last line: one JSON object.");
            return;
        }
        long events = Options.number(options, "--events", 1_000_000);
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        publish(servers, "clean", events, 0);
        Set<String> bad = publish(servers, "poisoned", events, 100);
        TxlookupConsumer.run(servers, "clean", "clean", 1, "512m").addTo(figures, "clean");
        servers.drop("clean"); // its pages that were not yet written would be written beside the next
        try (TxlookupConsumer consumer = TxlookupConsumer.start(servers, "poisoned", "poisoned", 1, "512m")) {
            consumer.rate(servers, "poisoned").addTo(figures, "poisoned");
            figures.put("published_bad", bad.size());
            figures.put("dead_letters", consumer.dead());
            requireExactly(bad, events, consumer.url());
        }
        figures.ratio("poisoned_to_clean", "poisoned", "clean");
        figures.print();
        System.exit(0);
    }

    /** Fails unless the bad records and only they are dead letters, with their bytes, and all others are rows. */
    private static void requireExactly(Set<String> bad, long events, String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench")) {
            List<String> dead = Sql.texts(connection, DEAD_LETTERS);
            long rows = Sql.number(connection, "SELECT count(*) FROM ledger_entry");
            long expected = dead.stream().distinct().filter(bad::contains).count();
            if (expected != bad.size() || dead.size() != bad.size() || rows != events - bad.size()) {
                throw new IllegalStateException(
                        "of %,d events %,d were bad; of %,d dead letters %,d are those, and %,d events are rows"
                                .formatted(events, bad.size(), dead.size(), expected, rows));
            }
        }
    }

    /** Returns the bad ones: each key, of which there is one record, and its value. */
    private static Set<String> publish(Servers servers, String topic, long events, int badOneIn) throws Exception {
        servers.kafka().createTopic(topic, LedgerEvents.PARTITIONS, Map.of());
        RateLimitedProducer paced = new RateLimitedProducer(servers, topic, 20);
        Set<String> bad = new HashSet<>();
        for (long n = 0; paced.published() < events; n++) {
            for (Event event : PAYMENTS.state(n)) {
                if (event.kind() == Event.Kind.LEDGER_ENTRY && paced.published() < events) {
                    boolean isBad = badOneIn > 0 && paced.published() % badOneIn == 0;
                    byte[] value = isBad ? bad(bad.size()) : event.value();
                    paced.send(event.key(), value);
                    if (isBad) {
                        bad.add(event.key() + " " + new String(value, StandardCharsets.UTF_8));
                    }
                }
            }
        }
        paced.close();
        return bad;
    }

    /** Half of them are no JSON, half a value that does not parse. */
    private static byte[] bad(long n) {
        String value = n % 2 == 0
                ? "{not json"
                : "{\"tx_id\":\"bad-%d\",\"wallet_id\":\"w\",\"entry_type\":\"PAYMENT\",\"amount\":\"x\",\"event_time\":\"2026-11-01T00:00:00Z\"}"
                        .formatted(n);
        return value.getBytes(StandardCharsets.UTF_8);
    }
}

package txlookup.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import txlookup.local.traffic.Event;
import txlookup.local.traffic.Payments;

/** One record in a hundred is bad: all of them and only they become dead letters, and what does it cost? */
final class PoisonBench {
    private static final Payments PAYMENTS = new Payments(4, Instant.parse("2026-11-01T00:00:00Z"), 1_000_000);

    private PoisonBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println("Usage: bench/poison [--events N]\nDefault: 1,000,000. Last line: one JSON object.");
            return;
        }
        long events = Options.number(options, "--events", 1_000_000);
        Figures figures = new Figures();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        long clean = publish(servers, "clean", events, 0);
        long poisoned = publish(servers, "poisoned", events, 100);
        OurConsumer.run(servers, "clean", "clean", 1, "512m").addTo(figures, "clean");
        servers.drop("clean"); // its pages that were not yet written would be written beside the next
        try (OurConsumer consumer = OurConsumer.start(servers, "poisoned", "poisoned", 1, "512m")) {
            consumer.rate(servers, "poisoned").addTo(figures, "poisoned");
            figures.put("published_bad", poisoned);
            figures.put("dead_letters", consumer.dead());
        }
        figures.put("published_bad_clean", clean);
        figures.ratio("poisoned_to_clean", "poisoned", "clean");
        figures.print();
        System.exit(0);
    }

    /** Returns how many of the events are bad. */
    private static long publish(Servers servers, String topic, long events, int badOneIn) throws Exception {
        servers.kafka().createTopic(topic, LedgerEvents.PARTITIONS, Map.of());
        Paced paced = new Paced(servers, topic, 20);
        long bad = 0;
        for (long n = 0; paced.published() < events; n++) {
            for (Event event : PAYMENTS.state(n)) {
                if (event.kind() == Event.Kind.LEDGER_ENTRY && paced.published() < events) {
                    boolean isBad = badOneIn > 0 && paced.published() % badOneIn == 0;
                    paced.send(event.key(), isBad ? bad(bad) : event.value());
                    bad += isBad ? 1 : 0;
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

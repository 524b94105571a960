package txlookup.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.RateLimitedProducer;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;

/** One consumer with a small heap, at a steady rate or as fast as it applies: does it keep up, does its memory stay flat? */
final class SoakBench {
    private static final String USAGE = """
            Usage: bench/soak [--minutes N] [--rate N | --full-speed] [--memory 256m]
            Default: 15 minutes at 20,000 events a second.
            --full-speed     as many as the consumer applies: 100,000 records at most wait for it
            Last line: one JSON object.""";

    private static final long WAITING_AT_MOST = 100_000;

    private SoakBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        long minutes = Options.number(options, "--minutes", 15);
        int rate = (int) Options.number(options, "--rate", 20_000);
        boolean fullSpeed = options.contains("--full-speed");
        String memory = Options.text(options, "--memory", "256m");
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("soak", LedgerEvents.PARTITIONS, Map.of("retention.bytes", "2000000000"));
        try (TxlookupConsumer consumer = TxlookupConsumer.start(servers, "soak", "soak", 1, memory)) {
            RateLimitedProducer paced = new RateLimitedProducer(servers, "soak", 5);
            for (long minute = 1; minute <= minutes; minute++) {
                long before = paced.published();
                long end = System.nanoTime() + 60_000_000_000L;
                if (fullSpeed) {
                    publishAsApplied(paced, consumer, end);
                } else {
                    paced.publish(rate, () -> System.nanoTime() > end, (key, at) -> {});
                }
                figures.add("published_a_second", (paced.published() - before) / 60.0);
                figures.add("behind_records", (double) (paced.published() - consumer.consumed()));
                figures.add("resident_mib", consumer.residentBytes() / (double) (1 << 20));
            }
            paced.close();
        }
        figures.put("memory", memory);
        figures.put("minutes", minutes);
        figures.print();
        System.exit(0);
    }

    private static void publishAsApplied(RateLimitedProducer paced, TxlookupConsumer consumer, long end)
            throws Exception {
        while (System.nanoTime() < end) {
            long room = WAITING_AT_MOST - (paced.published() - consumer.consumed());
            if (room > 0) {
                paced.publish(room, (key, at) -> {});
            }
            Thread.sleep(20);
        }
    }
}

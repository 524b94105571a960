package txlookup.bench;

import java.util.Arrays;
import java.util.List;
import txlookup.bench.contender.BaselineConsumer;
import txlookup.bench.contender.DebeziumSink;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.measure.DatabaseWork;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;

/**
 * Applies one topic's ledger events with this consumer, with a plain loop and with Debezium's JDBC sink, side by side in
 * one run, each from an empty database. Events a second, medians.
 */
final class ApplyBench {
    private static final String USAGE = """
            Usage: bench/apply [--quick] [--events N] [--rounds N] [--no-debezium]
            --events N       events that are measured; as many before them warm each contender up
            --quick          fewer events and one round, in less than three minutes
            A rate counts until the first partition is done; a rate "to the end" until the last.
            Last line: one JSON object with every figure, in events a second.""";

    private ApplyBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        boolean quick = options.contains("--quick");
        long wanted = Options.number(options, "--events", quick ? 300_000 : 630_000);
        long rounds = Options.number(options, "--rounds", quick ? 1 : 3);
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        long events = LedgerEvents.publish(servers, "entries", 2 * wanted);
        System.out.printf("%,d events in %d partitions, 5 %% older ones again%n", events, LedgerEvents.PARTITIONS);
        LedgerEvents.publish(servers, "lopsided", wanted, 1);
        // Not counted: until segments of the database's log are used again, each is written twice.
        BaselineConsumer.run(servers, "first", "entries", 5_000);
        servers.drop("first");
        for (int round = 1; round <= rounds; round++) {
            System.out.printf("round %d%n", round);
            DatabaseWork before = DatabaseWork.of(servers);
            TxlookupConsumer.run(servers, "ours", "entries", 1, "512m").addTo(figures, "apply");
            DatabaseWork.of(servers).since(before).addTo(figures, "apply_", events);
            servers.drop("ours");
            before = DatabaseWork.of(servers);
            BaselineConsumer.run(servers, "plain_" + round, "entries", 5_000).addTo(figures, "plain");
            DatabaseWork.of(servers).since(before).addTo(figures, "plain_", events);
            servers.drop("plain_" + round);
            TxlookupConsumer.run(servers, "two", "entries", 2, "512m").addTo(figures, "apply_two_processes");
            servers.drop("two");
            figures.add(
                    "apply_beside_a_quiet_one",
                    TxlookupConsumer.run(servers, "lopsided", "lopsided", 1, "512m")
                            .toTheEnd());
            servers.drop("lopsided");
            if (!options.contains("--no-debezium") && DebeziumSink.isThere()) {
                DebeziumSink.run(servers, "sink_" + round, "entries", 2, 5_000).addTo(figures, "debezium");
                servers.drop("sink_" + round);
            }
        }
        figures.put("events", events / 2);
        for (String until : List.of("", "_to_the_end")) {
            figures.ratio("apply_to_plain" + until, "apply" + until, "plain" + until);
            figures.ratio("apply_to_debezium" + until, "apply" + until, "debezium" + until);
            figures.ratio("two_processes_to_one" + until, "apply_two_processes" + until, "apply" + until);
        }
        figures.print();
        System.exit(0); // clients that a failed round left behind must not hold the process
    }
}

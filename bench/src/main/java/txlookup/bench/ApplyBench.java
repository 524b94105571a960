package txlookup.bench;

import java.util.Arrays;
import java.util.List;
import txlookup.bench.contender.BaselineConsumer;
import txlookup.bench.contender.DebeziumSink;
import txlookup.bench.contender.FlinkJob;
import txlookup.bench.contender.TxlookupBackfill;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.PreparedRows;
import txlookup.bench.measure.DatabaseWork;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;

/**
 * Applies one topic's ledger events with this consumer, with a plain loop, with Debezium's JDBC sink and with a Flink SQL
 * job, side by side in one run, each from an empty database, and copies the rows that come of it. Events a second, medians.
 */
final class ApplyBench {
    private static final String USAGE = """
            Usage: bench/apply [--quick] [--events N] [--rounds N] [--only PEERS]
            --events N       events that are measured; as many before them warm each contender up
            --quick          fewer events and one round, in less than three minutes
            --only PEERS     those of %s beside the consumer
            A rate counts until the first partition is done; a rate "to the end" until the last.
            Last line: one JSON object with every figure, in events a second.""";

    private static final String PEERS = "copy,plain,two,lopsided,debezium,flink";
    private static final String MEMORY = "512m";
    private static final int BATCH = 5_000;
    private static final int STREAMS = 2;

    private final Servers servers;
    private final List<String> peers;
    private final Metrics figures = new Metrics();

    private ApplyBench(Servers servers, List<String> peers) {
        this.servers = servers;
        this.peers = peers;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE.formatted(PEERS));
            return;
        }
        boolean quick = options.contains("--quick");
        List<String> peers = List.of(Options.text(options, "--only", PEERS).split(",", -1));
        new ApplyBench(Servers.start(), peers)
                .run(
                        Options.number(options, "--events", quick ? 300_000 : 630_000),
                        Options.number(options, "--rounds", quick ? 1 : 3));
        System.exit(0); // clients that a failed round left behind must not hold the process
    }

    private void run(long wanted, long rounds) throws Exception {
        System.out.println(Machine.describe());
        long events = LedgerEvents.publish(servers, "entries", 2 * wanted);
        System.out.printf("%,d events in %d partitions, 5 %% older ones again%n", events, LedgerEvents.PARTITIONS);
        if (peers.contains("lopsided")) {
            LedgerEvents.publish(servers, "lopsided", wanted, 1);
        }
        // Not counted: until segments of the database's log are used again, each is written twice.
        BaselineConsumer.run(servers, "first", "entries", BATCH);
        servers.drop("first");
        for (int round = 1; round <= rounds; round++) {
            System.out.printf("round %d%n", round);
            consumerAndCopy(events);
            besides(round, events);
        }
        figures.put("events", events / 2);
        figures.ratio("apply_to_copy", "apply", "copy_indexed_2");
        for (String until : List.of("", "_to_the_end")) {
            figures.ratio("apply_to_plain" + until, "apply" + until, "plain" + until);
            figures.ratio("apply_to_debezium" + until, "apply" + until, "debezium" + until);
            figures.ratio("apply_to_flink" + until, "apply" + until, "flink" + until);
            figures.ratio("two_processes_to_one" + until, "apply_two_processes" + until, "apply" + until);
        }
        figures.print();
    }

    /** The copy is of the rows that the consumer made of the events. */
    private void consumerAndCopy(long events) throws Exception {
        DatabaseWork before = DatabaseWork.of(servers);
        TxlookupConsumer.run(servers, "ours", "entries", 1, MEMORY).addTo(figures, "apply");
        DatabaseWork.of(servers).since(before).addTo(figures, "apply_", events);
        if (!peers.contains("copy")) {
            servers.drop("ours");
            return;
        }
        PreparedRows rows = PreparedRows.ofEntries(servers.postgres().jdbcUrl("ours"), 2 * STREAMS);
        servers.drop("ours");
        String url = servers.newDatabase("copied");
        TxlookupBackfill.into(url).close();
        before = DatabaseWork.of(servers);
        figures.add("copy_indexed_2", rows.copyIndexedFromHalfOn(url, STREAMS));
        DatabaseWork.of(servers).since(before).addTo(figures, "copy_indexed_2_", rows.count());
        servers.drop("copied");
    }

    private void besides(int round, long events) throws Exception {
        if (peers.contains("plain")) {
            DatabaseWork before = DatabaseWork.of(servers);
            BaselineConsumer.run(servers, "plain_" + round, "entries", BATCH).addTo(figures, "plain");
            DatabaseWork.of(servers).since(before).addTo(figures, "plain_", events);
            servers.drop("plain_" + round);
        }
        if (peers.contains("two")) {
            TxlookupConsumer.run(servers, "two", "entries", 2, MEMORY).addTo(figures, "apply_two_processes");
            servers.drop("two");
        }
        if (peers.contains("lopsided")) {
            figures.add(
                    "apply_beside_a_quiet_one",
                    TxlookupConsumer.run(servers, "lopsided", "lopsided", 1, MEMORY)
                            .toTheEnd());
            servers.drop("lopsided");
        }
        if (peers.contains("debezium") && DebeziumSink.isThere()) {
            DebeziumSink.run(servers, "sink_" + round, "entries", 2, BATCH).addTo(figures, "debezium");
            servers.drop("sink_" + round);
        }
        if (peers.contains("flink") && FlinkJob.isThere()) {
            FlinkJob.run(servers, "flink_" + round, "entries").addTo(figures, "flink");
            servers.drop("flink_" + round);
        }
    }
}

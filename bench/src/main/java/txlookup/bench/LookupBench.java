package txlookup.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.PgBench;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.ClosedLoopLookups;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.RateLimitedProducer;
import txlookup.bench.load.StoredPayments;
import txlookup.bench.measure.Latencies;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.measure.ProcessorTime;
import txlookup.bench.servers.GivenServer;
import txlookup.bench.servers.Servers;
import txlookup.traffic.Payments;

/**
 * Lookups of single transactions through the API, audit on and durable, beside the same statement through pgbench on the
 * same database: as fast as they go, at a fixed rate, and at that rate while events are applied.
 */
final class LookupBench {
    private static final String USAGE = """
            Usage: bench/lookup [--quick] [--payments N] [--rounds N]
                   bench/lookup --port PORT [--connections N] [--payments N] [--rounds N]
                   bench/lookup --store URL [--connections N] [--payments N] [--rounds N]
            --quick          one round of 10 s each, in less than three minutes
            --port           only lookups, of the API of a demo that runs, wherever its store is
            --store          only lookups, of a database that is made on this server; a superuser's JDBC URL
            Needs pgbench (Debian: postgresql). Last line: one JSON object, in lookups/s and milliseconds.""";

    private static final int CONNECTIONS = 16;
    private static final int OPEN_RATE = 500;
    private static final int EVENTS_A_SECOND = 10_000;

    private LookupBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        if (options.contains("--port")) {
            ofADemo(options);
            return;
        }
        if (options.contains("--store")) {
            ofAStore(options);
            return;
        }
        boolean quick = options.contains("--quick");
        long payments = Options.number(options, "--payments", 300_000);
        long rounds = Options.number(options, "--rounds", quick ? 1 : 3);
        Duration each = Duration.ofSeconds(quick ? 10 : 20);
        Optional<PgBench> pgbench = PgBench.find();
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("beside", LedgerEvents.PARTITIONS, Map.of());
        try (TxlookupConsumer consumer = TxlookupConsumer.start(servers, "lookup", "beside", 1, "256m");
                ApiProcess api = ApiProcess.start(servers, consumer.url());
                RateLimitedProducer paced = new RateLimitedProducer(servers, "beside", 5)) {
            StoredPayments.fill(consumer.url(), payments);
            System.out.printf("%,d ledger entries, %d connections%n", 2 * payments, CONNECTIONS);
            ClosedLoopLookups load = new ClosedLoopLookups(
                    api.port(), CONNECTIONS, n -> "/admin/tx/" + StoredPayments.txId(n, payments));
            load.closed(Duration.ofSeconds(quick ? 30 : 60)); // the API compiles, as it does once a deployment
            for (int round = 1; round <= rounds; round++) {
                System.out.printf("round %d%n", round);
                if (pgbench.isPresent()) {
                    double before = ProcessorTime.of(servers.postgres().pid());
                    double rate = pgbench.get().lookupsPerSecond(servers, "lookup", payments, each);
                    double after = ProcessorTime.of(servers.postgres().pid());
                    figures.add("pgbench", rate);
                    figures.add("pgbench_database_us", (after - before) * 1e6 / (rate * each.toSeconds()));
                }
                closed(figures, servers, api, load, each);
                load.open(OPEN_RATE, each).addTo(figures, "open_");
            }
            figures.ratio("api_to_pgbench", "api", "pgbench");
            beside(figures, paced, load, each);
            figures.put("beside_behind_events", paced.published() - consumer.consumed());
        }
        figures.print();
        System.exit(0);
    }

    private static void ofADemo(List<String> options) throws Exception {
        long payments = Options.number(options, "--payments", 100_000);
        int port = Math.toIntExact(Options.number(options, "--port", 8080));
        alone(options, port, payments, n -> Payments.paymentTxId(n % payments)).print();
    }

    private static void ofAStore(List<String> options) throws Exception {
        long payments = Options.number(options, "--payments", 300_000);
        GivenServer server = GivenServer.with(Options.text(options, "--store", ""));
        StoredPayments.fill(server.url(), payments);
        Metrics figures;
        try (ApiProcess api = ApiProcess.start(server.log(), server.url())) {
            figures = alone(options, api.port(), payments, n -> StoredPayments.txId(n, payments));
        }
        server.drop();
        figures.print();
    }

    private static Metrics alone(List<String> options, int port, long payments, LongFunction<String> txIds)
            throws Exception {
        int connections = Math.toIntExact(Options.number(options, "--connections", 4));
        ClosedLoopLookups load = new ClosedLoopLookups(port, connections, n -> "/admin/tx/" + txIds.apply(n));
        System.out.printf("%s%n%,d payments, %d connections%n", Machine.describe(), payments, connections);
        load.closed(Duration.ofSeconds(20)); // the API compiles, as it does once a deployment
        Metrics figures = new Metrics();
        for (long round = Options.number(options, "--rounds", 3); round > 0; round--) {
            Latencies closed = load.closed(Duration.ofSeconds(10));
            figures.add("api", closed.perSecond());
            closed.addTo(figures, "");
        }
        return figures;
    }

    private static void closed(Metrics figures, Servers servers, ApiProcess api, ClosedLoopLookups load, Duration each)
            throws Exception {
        double api0 = ProcessorTime.of(api.process().pid());
        double database0 = ProcessorTime.of(servers.postgres().pid());
        Latencies closed = load.closed(each);
        double api1 = ProcessorTime.of(api.process().pid());
        double database1 = ProcessorTime.of(servers.postgres().pid());
        figures.add("api", closed.perSecond());
        figures.add("api_us", (api1 - api0) * 1e6 / closed.count());
        figures.add("api_database_us", (database1 - database0) * 1e6 / closed.count());
        closed.addTo(figures, "");
    }

    /**
     * Lookups at their rate while the consumer applies {@value #EVENTS_A_SECOND} events a second: soon after broker, producer
     * and consumer got work for the first time, and once they have compiled.
     */
    private static void beside(Metrics figures, RateLimitedProducer paced, ClosedLoopLookups load, Duration each)
            throws Exception {
        long ends = System.nanoTime() + each.multipliedBy(5).toNanos();
        Thread publishing = new Thread(
                () -> {
                    try {
                        paced.publish(EVENTS_A_SECOND, () -> System.nanoTime() > ends, (key, at) -> {});
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "publishing");
        publishing.start();
        Thread.sleep(each.toMillis());
        load.open(OPEN_RATE, each).addTo(figures, "beside_at_first_");
        Thread.sleep(each.multipliedBy(2).toMillis());
        load.open(OPEN_RATE, each.minusSeconds(1)).addTo(figures, "beside_");
        publishing.join();
    }
}

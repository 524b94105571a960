package txlookup.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.RateLimitedProducer;
import txlookup.bench.measure.DatabaseWork;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;

/** Two topics of many partitions and little traffic in each: commits, publish to visible, and what rest costs. */
final class PartitionsBench {
    private static final String LEDGER = "ledger";
    private static final String ORDERS = "orders";
    private static final int PARTITIONS = 64;
    private static final int RATE = 5_000;

    // Of the database that is measured; it is read from another one, so that this question is not among them.
    private static final String COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = 'partitions'";

    private static final String USAGE = """
            Usage: bench/partitions [--quick] [--rest]
            2 topics of 64 partitions and two consumers: 60 s at 5,000 events/s in all for the commits, 30 s with lookups for
            the time from publish to visible, then a minute without events for the processor time at rest.
            --quick          a third of each
            --rest           only what compiles, and the minute without events
            Last line: one JSON object.""";

    private PartitionsBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        int share = options.contains("--quick") ? 3 : 1;
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic(LEDGER, PARTITIONS, Map.of());
        servers.kafka().createTopic(ORDERS, PARTITIONS, Map.of());
        List<String> topics = List.of(LEDGER, ORDERS);
        try (TxlookupConsumer consumer = TxlookupConsumer.start(servers, "partitions", topics, PARTITIONS, 2, "256m");
                RateLimitedProducer paced = new RateLimitedProducer(servers, topics, PARTITIONS, 0)) {
            publish(paced, Duration.ofSeconds(45).dividedBy(share)); // everybody compiles
            if (!options.contains("--rest")) {
                commits(
                        figures,
                        servers,
                        consumer,
                        paced,
                        Duration.ofSeconds(60).dividedBy(share));
                visible(
                        figures,
                        servers,
                        consumer,
                        paced,
                        Duration.ofSeconds(30).dividedBy(share));
            }
            rest(figures, servers, consumer, Duration.ofSeconds(60).dividedBy(share));
        }
        figures.print();
        System.exit(0);
    }

    private static void visible(
            Metrics figures, Servers servers, TxlookupConsumer consumer, RateLimitedProducer paced, Duration howLong)
            throws Exception {
        try (ApiProcess api = ApiProcess.start(servers, consumer.url())) {
            VisibleBench.measure(paced, api.port(), RATE, Duration.ofSeconds(15)); // the API, too
            List<Double> millis = VisibleBench.measure(paced, api.port(), RATE, howLong);
            figures.put("samples", millis.size());
            for (int percent : List.of(50, 95, 99)) {
                figures.put("p%d_ms".formatted(percent), millis.get(millis.size() * percent / 100));
            }
        }
    }

    private static void publish(RateLimitedProducer paced, Duration howLong) throws InterruptedException {
        long end = System.nanoTime() + howLong.toNanos();
        paced.publish(RATE, () -> System.nanoTime() > end, (key, at) -> {});
    }

    private static void commits(
            Metrics figures, Servers servers, TxlookupConsumer consumer, RateLimitedProducer paced, Duration howLong)
            throws Exception {
        long commits = commits(servers);
        long events = paced.published();
        DatabaseWork database = DatabaseWork.of(servers);
        double consumers = consumer.processorSeconds();
        long began = System.nanoTime();
        publish(paced, howLong);
        double seconds = (System.nanoTime() - began) / 1e9;
        long published = paced.published() - events;
        figures.put("events_a_second", Math.round(published / seconds));
        figures.put("commits_a_second", Math.round((commits(servers) - commits) / seconds));
        figures.put("consumers_us_an_event", rounded((consumer.processorSeconds() - consumers) * 1e6 / published));
        figures.put(
                "database_us_an_event",
                rounded(DatabaseWork.of(servers).since(database).processorSeconds() * 1e6 / published));
        Thread.sleep(2_000);
        figures.put("behind_records", paced.published() - consumer.consumed());
    }

    private static long commits(Servers servers) throws Exception {
        try (Connection connection =
                DriverManager.getConnection(servers.postgres().jdbcUrl("postgres"), "bench", "bench")) {
            return Sql.number(connection, COMMITS);
        }
    }

    /** Once what follows a load is done. */
    private static void rest(Metrics figures, Servers servers, TxlookupConsumer consumer, Duration howLong)
            throws Exception {
        Thread.sleep(20_000);
        DatabaseWork database = DatabaseWork.of(servers);
        double consumers = consumer.processorSeconds();
        long commits = commits(servers);
        long began = System.nanoTime();
        Thread.sleep(howLong.toMillis());
        double seconds = (System.nanoTime() - began) / 1e9;
        double ofConsumers = (consumer.processorSeconds() - consumers) / seconds;
        double ofDatabase = DatabaseWork.of(servers).since(database).processorSeconds() / seconds;
        figures.put("rest_consumers_ms_a_second", rounded(ofConsumers * 1e3));
        figures.put("rest_database_ms_a_second", rounded(ofDatabase * 1e3));
        figures.put("rest_commits_a_second", Math.round((commits(servers) - commits) / seconds));
    }

    private static double rounded(double value) {
        return Math.round(10 * value) / 10.0;
    }
}

package txlookup.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import txlookup.apply.generation.Retire;
import txlookup.apply.generation.Switch;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.backfill.throttle.Throttle;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.TxlookupBackfill;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.PaymentFiles;
import txlookup.bench.load.PreparedRows;
import txlookup.bench.load.RateLimitedProducer;
import txlookup.bench.load.SwitchLoad;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;
import txlookup.consumer.offsets.ConsumerGroups;
import txlookup.migrations.Migrations;
import txlookup.proof.compare.VerificationProgress;
import txlookup.proof.generation.ComparisonReport;
import txlookup.proof.generation.ComparisonResult;
import txlookup.proof.generation.ComparisonSettings;
import txlookup.proof.generation.Comparisons;
import txlookup.proof.generation.GenerationComparison;

/**
 * The journey of a candidate under lookups at a rate against two API processes and under live events: loaded from files,
 * compared, given a share, switched to and taken back many times, and the old one retired. The candidate holds marked rows,
 * so that an answer that mixes both generations shows.
 */
final class SwitchBench {
    private static final String USAGE = """
            Usage: bench/switch [--quick] [--payments N] [--drills N] [--rate N] [--events N] [--lookups N]
            --quick          20,000 payments and 10 drills, in less than 4 minutes
            --rate           lookups a second; 500 where nothing is said
            --events         events a second; 2,000 where nothing is said
            --lookups        goes on after the last drill until so many were made
            A drill is a switch and its way back. Last line: one JSON object, in milliseconds.""";

    private static final long CANDIDATE = 20261102000000L;
    private static final String TOPIC = "beside";
    private static final Duration BOTH_LEVEL_WITHIN = Duration.ofMinutes(2);

    private final Servers servers;
    private final long payments;
    private final long drills;
    private final int events;
    private final boolean quick;
    private final Metrics figures = new Metrics();
    private String evidence = "";

    private SwitchBench(Servers servers, long payments, long drills, int events, boolean quick) {
        this.servers = servers;
        this.payments = payments;
        this.drills = drills;
        this.events = events;
        this.quick = quick;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        boolean quick = options.contains("--quick");
        long payments = Options.number(options, "--payments", quick ? 20_000 : 350_000);
        SwitchDrills.command(Map.of(), "--version"); // the launcher builds what is stale, before anything is measured
        SwitchBench bench = new SwitchBench(
                Servers.start(),
                payments,
                Options.number(options, "--drills", quick ? 10 : 100),
                Math.toIntExact(Options.number(options, "--events", 2_000)),
                quick);
        System.out.println(Machine.describe());
        bench.run(
                Math.toIntExact(Options.number(options, "--rate", 500)),
                Options.number(options, "--lookups", quick ? 0 : 1_000_000));
        System.exit(0);
    }

    private void run(int rate, long lookups) throws Exception {
        servers.haveRunForAWhile();
        servers.kafka().createTopic(TOPIC, LedgerEvents.PARTITIONS, Map.of());
        List<Path> files = PaymentFiles.write(servers.folder(), payments);
        try (TxlookupConsumer consumer = TxlookupConsumer.start(
                        servers,
                        "switch",
                        TOPIC,
                        1,
                        "256m",
                        (url, generation) -> TxlookupBackfill.inAProcess(servers, url, generation, files));
                ApiProcess one = ApiProcess.start(servers, consumer.url());
                ApiProcess two = ApiProcess.start(servers, consumer.url());
                RateLimitedProducer paced = new RateLimitedProducer(servers, TOPIC, 5);
                Connection connection = connect(consumer.url())) {
            PreparedRows ready = PreparedRows.of(consumer.url());
            SwitchLoad load = new SwitchLoad(List.of(one.port(), two.port()), payments, rate);
            Thread publishing = publishing(paced, load);
            load.start();
            Thread.sleep(quick ? 20_000 : 60_000); // the processes compile, as they do once a deployment
            loadBeside(consumer, load, ready, files, connection);
            load.phase("settle");
            Thread.sleep(quick ? 10_000 : 60_000); // the candidate's consumer compiles too
            load.phase("quiet");
            Thread.sleep(quick ? 20_000 : 120_000);
            new SwitchDrills(servers, CANDIDATE, evidence, figures).run(load, connection, drills);
            retireTheOld(consumer, load, connection);
            load.phase("after");
            load.awaitLookups(lookups);
            load.stop();
            publishing.join();
            load.addTo(figures);
            figures.print();
        }
    }

    private Thread publishing(RateLimitedProducer paced, SwitchLoad load) {
        Thread publishing = new Thread(
                () -> {
                    try {
                        paced.publish(events, load::isOver, (key, at) -> {});
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "publishing");
        publishing.setDaemon(true);
        publishing.start();
        return publishing;
    }

    /** Beside the same lookups and events: COPY and then the indexes of the same rows, and then the candidate. */
    private void loadBeside(
            TxlookupConsumer consumer, SwitchLoad load, PreparedRows ready, List<Path> files, Connection connection)
            throws Exception {
        load.phase("limit");
        figures.add("copy_then_index", ready.copyThenIndex(migrated(), 1));
        load.phase("load");
        consumer.applyTo(servers, CANDIDATE, TOPIC, "256m", (url, generation) -> {
            double seconds = TxlookupBackfill.inAProcess(servers, url, generation, files);
            figures.add("load", 3 * payments / seconds);
        });
        figures.ratio("load_to_limit", "load", "copy_then_index");
        load.phase("catch up");
        mark(connection);
        awaitReady(connection);
        load.phase("compare");
        compare(consumer.url());
    }

    private String migrated() throws Exception {
        String url = servers.newDatabase("ready_rows");
        try (HikariDataSource store = StoreConnections.generation(
                Servers.GENERATION, url, "bench", "bench", 2, Duration.ofSeconds(10), Duration.ofMinutes(5))) {
            Migrations.toHead(store, Servers.GENERATION);
        }
        return url;
    }

    private static void mark(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        connection.commit();
    }

    private void mark(Connection connection) throws SQLException {
        mark(connection, SwitchLoad.MARK.formatted(Migrations.schema(CANDIDATE), SwitchLoad.everyOf(payments)));
    }

    private void compare(String url) throws Exception {
        long started = System.nanoTime();
        try (HikariDataSource store = StoreConnections.generation(
                CANDIDATE, url, "bench", "bench", 2, Duration.ofSeconds(10), Duration.ofSeconds(30))) {
            ComparisonResult result = new GenerationComparison(
                            store,
                            CANDIDATE,
                            Servers.GENERATION,
                            ComparisonSettings.USUAL,
                            null,
                            VerificationProgress.QUIET,
                            new Throttle(ThrottleSettings.OFF))
                    .run();
            new Comparisons(store).remember(result);
            evidence = ComparisonReport.evidence(result);
            figures.put("compared", result.rows());
            figures.put("compared_differ", result.wrong());
            figures.put("compare_ms", (System.nanoTime() - started) / 1_000_000);
            if (result.wrong() != SwitchLoad.MARKED) {
                throw new IllegalStateException(ComparisonReport.text(result));
            }
        }
    }

    private void retireTheOld(TxlookupConsumer consumer, SwitchLoad load, Connection connection) throws Exception {
        load.phase("retire");
        new Switch(connection, SwitchDrills.SETTINGS, line -> System.out.println("  " + line))
                .switchTo(CANDIDATE, 100, SwitchDrills.order("for good"), evidence);
        new Retire(
                        connection,
                        SwitchDrills.SETTINGS,
                        new Retire.Outside() {
                            @Override
                            public void stopConsumer(long generation) {
                                consumer.endFirst();
                            }

                            @Override
                            public void keepUnsettled(long generation) {}

                            @Override
                            public void deleteGroup(String group) throws InterruptedException {
                                ConsumerGroups.delete(
                                        Map.of(
                                                "bootstrap.servers",
                                                servers.kafka().bootstrapServers()),
                                        group);
                            }
                        },
                        line -> System.out.println("  " + line))
                .retire(Servers.GENERATION, SwitchDrills.order("retired"), true);
        Thread.sleep(5_000);
    }

    /** Level with what serves, and READY, as the gates of a rebuild would leave it. */
    private void awaitReady(Connection connection) throws SQLException, InterruptedException {
        String behind = """
                SELECT sum(greatest(0, s.next_position - c.next_position)) FROM %s.coverage s JOIN %s.coverage c
                USING (kind, name, partition)""".formatted(Migrations.schema(Servers.GENERATION), Migrations.schema(CANDIDATE));
        long deadline = System.nanoTime() + BOTH_LEVEL_WITHIN.toNanos();
        while (Sql.number(connection, behind) > events / 4) {
            connection.rollback();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the candidate does not catch up");
            }
            Thread.sleep(100);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE bo.generation SET state = 'READY'");
        }
        connection.commit();
    }

    private static Connection connect(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url, "bench", "bench");
        connection.setAutoCommit(false);
        return connection;
    }
}

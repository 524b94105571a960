package txlookup.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.Serving;
import txlookup.apply.generation.Switch;
import txlookup.migrations.Migrations;
import txlookup.profiles.ServingSettings;

/**
 * Switches between two generations and back, under lookups at a rate against two API processes and under live events. The
 * candidate holds marked rows, so that an answer that mixes both generations shows.
 */
final class SwitchBench {
    private static final String USAGE = """
            Usage: bench/switch [--quick] [--payments N] [--drills N]
            --quick          20,000 payments and 10 drills, in less than 4 minutes
            A drill is a switch and its way back. Last line: one JSON object, in milliseconds.""";

    private static final long CANDIDATE = 20261102000000L;
    private static final int RATE = 500;
    private static final int EVENTS_A_SECOND = 2_000;
    private static final int COMMANDS = 3;
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final Duration BOTH_LEVEL_WITHIN = Duration.ofMinutes(2);
    private static final ServingSettings SETTINGS = new ServingSettings(
            Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(60), Duration.ofMillis(200));

    private static final String EVIDENCE = "a bench";

    /** The marked rows differ, and that is accepted. */
    private static final String COMPARED = """
            INSERT INTO %s.verification (against, judged_through, rows_judged, differences, passed, evidence)
            VALUES ('generation %d', now(), 1000, 1000, false, '%s')""";

    private SwitchBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        boolean quick = options.contains("--quick");
        long payments = Options.number(options, "--payments", quick ? 20_000 : 500_000);
        long drills = Options.number(options, "--drills", quick ? 10 : 100);
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("beside", LedgerEvents.PARTITIONS, Map.of());
        try (OurConsumer consumer = OurConsumer.start(servers, "switch", "beside", 1, "256m");
                ApiProcess one = ApiProcess.start(servers, consumer.url());
                ApiProcess two = ApiProcess.start(servers, consumer.url());
                Paced paced = new Paced(servers, "beside", 5)) {
            StoredPayments.fill(consumer.url(), payments);
            SwitchLoad load = new SwitchLoad(List.of(one.port(), two.port()), payments, RATE);
            try (Connection connection = connect(consumer.url())) {
                new SwitchBench().measure(servers, consumer, paced, load, connection, quick, payments, drills);
            }
        }
        System.exit(0);
    }

    private void measure(
            Servers servers,
            OurConsumer consumer,
            Paced paced,
            SwitchLoad load,
            Connection connection,
            boolean quick,
            long payments,
            long drills)
            throws Exception {
        Figures figures = new Figures();
        Thread publishing = new Thread(
                () -> {
                    try {
                        paced.publish(EVENTS_A_SECOND, load::isOver, (key, at) -> {});
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "publishing");
        publishing.start();
        load.start();
        Thread.sleep(quick ? 20_000 : 60_000); // the processes compile, as they do once a deployment
        load.phase("load");
        consumer.applyTo(servers, CANDIDATE, "beside", "256m");
        fillCandidate(consumer.url(), payments);
        awaitReady(connection);
        load.phase("quiet");
        Thread.sleep(quick ? 20_000 : 120_000);
        List<Double> switches = new ArrayList<>();
        List<Double> rollbacks = new ArrayList<>();
        load.phase("switch");
        Switch acts = new Switch(connection, SETTINGS, line -> System.out.println("  " + line));
        for (int drill = 1; drill <= drills; drill++) {
            switches.add(took(load, connection, () -> acts.switchTo(CANDIDATE, 100, order("drill"), EVIDENCE)));
            Thread.sleep(BETWEEN.toMillis());
            rollbacks.add(took(load, connection, () -> acts.rollBack(order("drill"), false)));
            Thread.sleep(BETWEEN.toMillis());
        }
        load.phase("after");
        List<Double> commands = commands(servers);
        load.stop();
        publishing.join();
        figures.put("drills", drills);
        figures.put("switch_p50_ms", middle(switches));
        figures.put("switch_max_ms", most(switches));
        figures.put("rollback_p50_ms", middle(rollbacks));
        figures.put("rollback_max_ms", most(rollbacks));
        figures.put("command_p50_ms", middle(commands));
        load.addTo(figures);
        figures.print();
    }

    private static Act.Order order(String reason) {
        return new Act.Order("bench", reason);
    }

    private interface Doing {
        Act run() throws Exception;
    }

    /** From the change of the row to the first answer of the last process from the other generation, in milliseconds. */
    private static double took(SwitchLoad load, Connection connection, Doing act) throws Exception {
        act.run();
        Serving now = Serving.read(connection);
        connection.rollback();
        Instant last = load.awaitAllAnswerFrom(now.generation());
        return Duration.between(now.since(), last).toNanos() / 1e6;
    }

    /** The command as people give it, its JVM included: to the other generation and back, each time. */
    private static List<Double> commands(Servers servers) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("txlookup.bench.plugins"))
                .resolve("../../..")
                .normalize();
        List<Double> took = new ArrayList<>();
        command(servers, home, null, "list"); // the launcher builds what is stale
        for (int i = 0; i < COMMANDS; i++) {
            command(
                    servers,
                    home,
                    took,
                    "switch",
                    Long.toString(CANDIDATE),
                    "--accept-differences",
                    EVIDENCE,
                    "--reason",
                    "drill");
            command(servers, home, took, "rollback", "--reason", "drill");
        }
        return took;
    }

    private static void command(Servers servers, Path home, @Nullable List<Double> took, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("txlookup").toString(), "generation"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        servers.folder().resolve("commands.log").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "TXLOOKUP_DATABASE_HOST", "127.0.0.1",
                        "TXLOOKUP_DATABASE_PORT",
                                Integer.toString(servers.postgres().port()),
                        "TXLOOKUP_DATABASE_NAME", "switch",
                        "TXLOOKUP_DATABASE_USER", "bench",
                        "TXLOOKUP_DATABASE_PASSWORD", "bench"));
        long started = System.nanoTime();
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new IOException("%s ended with %d; see %s"
                    .formatted(command, code, servers.folder().resolve("commands.log")));
        }
        if (took != null) {
            took.add((System.nanoTime() - started) / 1e6);
        }
    }

    private static void fillCandidate(String url, long payments) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            String from = Migrations.schema(Servers.GENERATION);
            String to = Migrations.schema(CANDIDATE);
            for (String table : List.of("ledger_entry", "payment_order")) {
                statement.execute(
                        "INSERT INTO %s.%s SELECT * FROM %s.%2$s ON CONFLICT DO NOTHING".formatted(to, table, from));
            }
            statement.execute(SwitchLoad.MARK.formatted(to, SwitchLoad.everyOf(payments)));
            statement.execute(COMPARED.formatted(to, Servers.GENERATION, EVIDENCE));
            connection.commit();
        }
    }

    /** Level with what serves, and READY, as the gates of a rebuild would leave it. */
    private static void awaitReady(Connection connection) throws SQLException, InterruptedException {
        String behind = """
                SELECT sum(greatest(0, s.next_position - c.next_position)) FROM %s.coverage s JOIN %s.coverage c
                USING (kind, name, partition)""".formatted(Migrations.schema(Servers.GENERATION), Migrations.schema(CANDIDATE));
        long deadline = System.nanoTime() + BOTH_LEVEL_WITHIN.toNanos();
        while (Sql.number(connection, behind) > EVENTS_A_SECOND / 4) {
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

    private static double middle(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return Math.round(10 * sorted.get(sorted.size() / 2)) / 10.0;
    }

    private static double most(List<Double> values) {
        return Math.round(10
                        * values.stream().mapToDouble(Double::doubleValue).max().orElseThrow())
                / 10.0;
    }
}

package txlookup.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.Serving;
import txlookup.apply.generation.Switch;
import txlookup.bench.load.SwitchLoad;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;
import txlookup.profiles.settings.ServingSettings;

/** Switches to a candidate and back, in this process and by the command, and measures until the last answer changes. */
final class SwitchDrills {
    static final ServingSettings SETTINGS = new ServingSettings(
            Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(60), Duration.ofMillis(200));
    private static final int COMMANDS = 5;
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final Servers servers;
    private final long candidate;
    private final String evidence;
    private final Metrics figures;

    /** @param evidence of the comparison that lets the candidate serve */
    SwitchDrills(Servers servers, long candidate, String evidence, Metrics figures) {
        this.servers = servers;
        this.candidate = candidate;
        this.evidence = evidence;
        this.figures = figures;
    }

    void run(SwitchLoad load, Connection connection, long drills) throws Exception {
        Switch acts = new Switch(connection, SETTINGS, line -> System.out.println("  " + line));
        load.phase("share");
        for (int share : new int[] {10, 50}) {
            acts.switchTo(candidate, share, order("trial"), evidence);
            Thread.sleep(5_000);
        }
        acts.switchTo(candidate, 100, order("all"), evidence);
        Thread.sleep(5_000);
        acts.rollBack(order("taken back"), false);
        load.phase("switch");
        List<Double> switches = new ArrayList<>();
        List<Double> rollbacks = new ArrayList<>();
        for (int drill = 1; drill <= drills; drill++) {
            switches.add(took(load, connection, () -> acts.switchTo(candidate, 100, order("drill"), evidence)));
            Thread.sleep(BETWEEN.toMillis());
            rollbacks.add(took(load, connection, () -> acts.rollBack(order("drill"), false)));
            Thread.sleep(BETWEEN.toMillis());
        }
        load.phase("commands");
        List<Double> commands = commands();
        figures.put("drills", drills);
        figures.put("switch_p50_ms", middle(switches));
        figures.put("switch_max_ms", most(switches));
        figures.put("rollback_p50_ms", middle(rollbacks));
        figures.put("rollback_max_ms", most(rollbacks));
        figures.put("command_p50_ms", middle(commands));
        figures.put("command_max_ms", most(commands));
    }

    static Act.Order order(String reason) {
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
    private List<Double> commands() throws IOException, InterruptedException {
        Map<String, String> store = Map.of(
                "TXLOOKUP_DATABASE_HOST", "127.0.0.1",
                "TXLOOKUP_DATABASE_PORT", Integer.toString(servers.postgres().port()),
                "TXLOOKUP_DATABASE_NAME", "switch",
                "TXLOOKUP_DATABASE_USER", "bench",
                "TXLOOKUP_DATABASE_PASSWORD", "bench");
        String number = Long.toString(candidate);
        List<Double> took = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            took.add(command(
                    store, "generation", "switch", number, "--accept-differences", evidence, "--reason", "drill"));
            took.add(command(store, "generation", "rollback", "--reason", "drill"));
        }
        return took;
    }

    /** Milliseconds from its start to its end. */
    static double command(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("txlookup.bench.plugins"))
                .resolve("../../..")
                .normalize();
        List<String> command = new ArrayList<>(List.of(home.resolve("txlookup").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        long started = System.nanoTime();
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new IOException("%s ended with %d; see above".formatted(command, code));
        }
        return (System.nanoTime() - started) / 1e6;
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

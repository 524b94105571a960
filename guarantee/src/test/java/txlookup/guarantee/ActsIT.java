package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.guarantee.fault.Fault;
import txlookup.guarantee.fleet.ActMain;
import txlookup.guarantee.fleet.ApiMain;
import txlookup.guarantee.fleet.Fleet;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.witness.LookupWitness;
import txlookup.local.process.ManagedProcess;
import txlookup.migrations.Migrations;

/**
 * Generations are made, given a share, switched to, taken back and retired by commands that are killed, with two API
 * processes and a consumer for each generation; with an odd seed, processes, database and network break meanwhile. Always
 * exactly one generation serves, and no answer comes from another, or from one that is half there.
 */
public class ActsIT {
    private static final Duration DONE_WITHIN = Duration.ofSeconds(90);
    private static final String EVIDENCE = "a53f";
    private static final String EVENT = """
            {"tx_id":"%s","wallet_id":"w-1","entry_type":"PAYMENT","amount":"1.00","event_time":"2026-02-05T01:00:00Z","version":1}""";

    private static final List<Fault> OF_THE_STORE = List.of(
            Fault.RESET_DATABASE_CONNECTIONS,
            Fault.STALLED_DATABASE_CONNECTIONS,
            Fault.RESTARTED_DATABASE,
            Fault.CRASHED_DATABASE,
            Fault.SLOW_DISK);

    private final Map<Long, Fleet> fleets = new HashMap<>();
    private final List<ManagedProcess> apis = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private Trial trial;
    private LookupWitness witness;
    private Random random;
    private boolean faults;
    private int started;
    private int marked;
    private volatile boolean over;

    public interface Doing {
        void run() throws Exception;
    }

    static LongStream seeds() {
        String[] range = System.getProperty("guarantee.acts").split("\\.\\.", 2);
        return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1]));
    }

    @AfterEach
    void stop() throws Exception {
        over = true;
        apis.forEach(ManagedProcess::kill);
        fleets.values().forEach(Fleet::killAll);
        if (trial != null) {
            trial.close();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void exactlyOneGenerationServesAndNoAnswerIsAnothers(long seed) throws Exception {
        random = new Random(seed);
        faults = seed % 2 == 1;
        trial = new Trial(TrialServers.started());
        for (int i = 0; i < 2; i++) {
            ports.add(TrialServers.freePort());
        }
        trial.publish(known());
        long serving = trial.generation;
        fleets.put(serving, trial.fleet);
        try (LookupWitness looking = begin(serving)) {
            CompletableFuture<Void> publishing = publishing();
            for (int round = 0; round < Integer.getInteger("guarantee.rounds", 2); round++) {
                long candidate = generations()[round];
                make(candidate);
                act("10", candidate);
                act("50", candidate);
                act("rollback", serving);
                act("100", candidate);
                act("rollback", serving);
                act("100", candidate);
                act("retire", serving);
                assertNothingIsLeftOf(serving);
                serving = candidate;
            }
            over = true;
            publishing.join();
            looking.requireNothingSeen();
            System.out.printf("seed %d: %s%n", seed, looking.summary());
        } catch (Throwable e) {
            TrialServers.started().keepLogs();
            throw new AssertionError("seed %d, logs in %s: %s".formatted(seed, trial.folder, e.getMessage()), e);
        }
        assertThat(one("SELECT generation FROM bo.serving")).isEqualTo(Long.toString(serving));
        assertThat(one("SELECT count(*) FROM bo.act WHERE ended_at IS NULL"))
                .as("open acts")
                .isEqualTo("0");
    }

    private long[] generations() {
        return new long[] {trial.generation + 1_000_000, trial.generation + 2_000_000};
    }

    private LookupWitness begin(long serving) throws Exception {
        trial.fleet.start();
        awaitLevel(serving);
        witness = new LookupWitness(trial, ports);
        mark(serving);
        execute("UPDATE bo.generation SET state = 'READY'");
        execute("UPDATE bo.serving SET generation = %d, epoch = 1".formatted(serving));
        startApi(0);
        startApi(1);
        Trial.eventually(
                "both API processes answer",
                () -> one("SELECT count(*) FROM bo.process WHERE kind = 'API' AND cardinality(prepared) = 1")
                        .equals("2"));
        witness.start();
        return witness;
    }

    private void startApi(int number) {
        String name = "api-%d-%d".formatted(number, ++started);
        List<String> command = java(
                "256m",
                ApiMain.class,
                trial.servers.proxiedJdbcUrl(trial.name),
                trial.servers.password(),
                Integer.toString(ports.get(number)));
        ManagedProcess process = ManagedProcess.start(
                name, command, Map.of(), trial.folder.resolve(name + ".log"), trial.folder.resolve(name + ".pid"));
        if (number < apis.size()) {
            apis.set(number, process);
        } else {
            apis.add(process);
        }
    }

    private static List<String> java(String heap, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<TrialEvent> known() {
        List<TrialEvent> events = new ArrayList<>();
        for (int i = 0; i < LookupWitness.KNOWN; i++) {
            events.add(event(LookupWitness.id(i)));
        }
        return events;
    }

    private static TrialEvent event(String id) {
        return new TrialEvent(
                true,
                Math.floorMod(id.hashCode(), Trial.PARTITIONS),
                -1,
                Instant.now(),
                id.getBytes(StandardCharsets.UTF_8),
                EVENT.formatted(id).getBytes(StandardCharsets.UTF_8));
    }

    private CompletableFuture<Void> publishing() {
        return CompletableFuture.runAsync(() -> {
            try {
                for (int n = 0; !over; n++) {
                    trial.publish(List.of(event("other-" + n), event("another-" + n)));
                    Thread.sleep(20);
                }
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    /** A generation from the log; its consumer dies while it is half there. */
    private void make(long generation) throws Exception {
        try (HikariDataSource control = StoreConnections.control(
                trial.servers.postgres.jdbcUrl(trial.name),
                "postgres",
                trial.servers.password(),
                2,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20))) {
            Migrations.ofGeneration(control, generation).toHead();
            trial.anchor(generation);
            Fleet fleet = new Fleet(trial, generation);
            fleets.put(generation, fleet);
            ManagedProcess killed = fleet.start();
            Thread.sleep(500 + random.nextInt(2000));
            fleet.kill(killed);
            fleet.start();
            awaitLevel(generation);
            mark(generation);
            execute("""
                    INSERT INTO g%d.verification (against, judged_through, rows_judged, differences, passed, evidence, found)
                    SELECT 'generation ' || generation, now(), 1000, 1, false, '%s', '{"differences": [{"kind": "field", "key": "tx-1"}]}'
                    FROM bo.serving""".formatted(generation, EVIDENCE));
            new GenerationRegistry(control).moveTo(generation, Generation.State.READY, null);
        }
    }

    private void awaitLevel(long generation) throws Exception {
        Trial.eventually(
                "generation " + generation + " has all known entries",
                () -> one("SELECT count(*) FROM g%d.ledger_entry WHERE tx_id LIKE 'known-%%'".formatted(generation))
                        .equals(Integer.toString(LookupWitness.KNOWN)));
    }

    private void mark(long generation) throws Exception {
        String amount = "%d.00".formatted(++marked);
        execute("UPDATE g%d.ledger_entry SET amount = %s WHERE tx_id LIKE 'known-%%'".formatted(generation, amount));
        witness.expect(generation, amount);
    }

    /** Ordered, killed, and ordered again until it is done; beside it something breaks. */
    private void act(String what, long target) throws Exception {
        CompletableFuture<Void> trouble = CompletableFuture.runAsync(() -> {
            try {
                if (faults && random.nextInt(3) > 0) {
                    witness.excusing(this::somethingBreaks);
                }
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        String key = UUID.randomUUID().toString();
        int kills = random.nextInt(3);
        long deadline = System.nanoTime() + DONE_WITHIN.toNanos();
        for (int given = 0; ; given++) {
            ManagedProcess command = command(what, target, key);
            long most = given < kills ? random.nextInt(1_200) : DONE_WITHIN.toMillis();
            boolean ended = command.awaitExit(Duration.ofMillis(most));
            command.kill();
            witness.requireNothingSeen();
            String said = String.join("\n", command.lastLogLines(3));
            if (ended && isDone(what, target)) {
                break;
            }
            if (ended && said.contains("refused: ")) {
                key = UUID.randomUUID().toString(); // another order: the refused one stays refused
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("%s %d is not done: %s".formatted(what, target, said));
            }
        }
        trouble.join();
    }

    private ManagedProcess command(String what, long target, String key) {
        String name = "act-%d-%s".formatted(++started, what);
        return ManagedProcess.start(
                name,
                java(
                        "64m",
                        ActMain.class,
                        trial.servers.proxiedJdbcUrl(trial.name),
                        trial.servers.password(),
                        trial.servers.proxiedBrokers(),
                        what,
                        Long.toString(target),
                        EVIDENCE,
                        key),
                Map.of(),
                trial.folder.resolve(name + ".log"),
                trial.folder.resolve(name + ".pid"));
    }

    /** What the order wanted is so. */
    private boolean isDone(String what, long target) throws Exception {
        String serves = one("SELECT concat_ws(' ', generation, candidate, share) FROM bo.serving");
        return switch (what) {
            case "100", "rollback" -> serves.equals(target + " 0");
            case "retire" ->
                one("SELECT state FROM bo.generation WHERE generation = " + target)
                        .equals("RETIRED");
            default -> serves.endsWith("%d %s".formatted(target, what));
        };
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void somethingBreaks() throws Exception {
        int which = random.nextInt(apis.size());
        switch (random.nextInt(5)) {
            case 0 -> {
                apis.get(which).kill();
                startApi(which);
                Trial.eventually("it listens again", () -> listens(ports.get(which)));
            }
            case 1 -> {
                apis.get(which).freeze();
                Thread.sleep(500 + random.nextInt(4_000));
                apis.get(which).thaw();
            }
            case 2 -> {
                List<Fleet> all = List.copyOf(fleets.values());
                Fleet fleet = all.get(random.nextInt(all.size()));
                if (fleet.find(ManagedProcess::isRunning).isPresent()) {
                    fleet.kill(fleet.any(random));
                    fleet.start();
                }
            }
            default -> {
                OF_THE_STORE.get(random.nextInt(OF_THE_STORE.size())).strike(trial, random);
                trial.servers.heal();
            }
        }
    }

    private void assertNothingIsLeftOf(long generation) throws Exception {
        assertThat(one("SELECT count(*) FROM pg_namespace WHERE nspname = 'g%d'".formatted(generation)))
                .isEqualTo("0");
        Trial.eventually(
                "the consumers of %d end".formatted(generation),
                () -> fleets.get(generation).find(ManagedProcess::isRunning).isEmpty());
        fleets.remove(generation).killAll();
        try (var admin = trial.admin()) {
            assertThat(admin.listGroups().all().get())
                    .noneMatch(group -> group.groupId().equals("group-" + generation));
        }
    }

    private String one(String sql) throws Exception {
        while (true) {
            try (Connection connection = trial.servers.connect(trial.name);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getString(1);
            } catch (SQLException e) {
                if (!e.getSQLState().startsWith("08") && !e.getSQLState().startsWith("57")) {
                    throw e;
                }
                Thread.sleep(100); // the database is one of the things that break
            }
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = trial.servers.connect(trial.name);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

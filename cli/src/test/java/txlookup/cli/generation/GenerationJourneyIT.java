package txlookup.cli.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.cli.local.LocalCommands;
import txlookup.cli.local.SteadyClient;

/**
 * The whole journey of a generation with two API processes under lookups: a trial that fails, switches and ways back that
 * are killed, a process that is frozen, a retirement that is killed, a rolling restart. No lookup fails.
 *
 * <p>{@code txlookup.journey.kills} kills a command so often, {@code txlookup.journey.frozen} freezes a process so long.
 */
@Tag("nightly")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class GenerationJourneyIT {
    private static final int KILLS = Integer.getInteger("txlookup.journey.kills", 10);
    private static final Duration FROZEN = Duration.ofSeconds(Integer.getInteger("txlookup.journey.frozen", 60));
    private static final Duration TAKEN_BACK_WITHIN = Duration.ofSeconds(30);
    private static final Duration LET_GO_WITHIN = Duration.ofSeconds(10);
    private static final List<Integer> PORTS = List.of(LocalCommands.API_PORT, LocalCommands.API_PORT + 1);
    private static final List<String> IDS =
            IntStream.range(0, 300).mapToObj(n -> "journey-" + n).toList();
    private static final String AHEAD = "ahead-1";
    private static final String EVENT = """
            {"tx_id":"%s","wallet_id":"w-1","entry_type":"PAYMENT","amount":"1.00","event_time":"2026-02-05T01:00:00Z","version":1}""";
    private static final String REPAIRED = EVENT.replace("1.00", "2.00").replace("\"version\":1", "\"version\":2");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Random random = new Random(19);

    @TempDir
    private Path folder;

    private LocalCommands commands;
    private SteadyClient client;
    private Instant begun;
    private String ahead;
    private boolean replayed;

    @BeforeEach
    void open() throws Exception {
        // What is judged here is who answers; other tests may use this machine's time.
        commands = new LocalCommands(folder, "local.apiProcesses=2", "api.shutdownNotice=3s").withWideObjectives();
    }

    @AfterEach
    void down() throws Exception {
        if (client != null) {
            client.stop();
        }
        commands.run("down.txt", "down", "--destroy", "--discard-audit");
    }

    @Test
    void noLookupFailsFromTheFirstTrialToTheRetirement() throws Exception {
        done("up");
        begun = Instant.now();
        publish(IDS.stream().collect(Collectors.toMap(id -> id, EVENT::formatted)));
        String first = listed("ACTIVE");
        for (String id : IDS) {
            awaitFound(id);
        }
        client = new SteadyClient(PORTS, IDS);
        aRebuildIsKilledAndGoesOn();
        String second = listed("READY");

        aFailingTrialIsTakenBackAlthoughItsCommandWasKilled(second);
        whatPeopleOrderIsCarriedOutInBoth(first, second);
        compare(second, first);
        for (int kill = 0; kill < KILLS; kill++) {
            killed("generation", "switch", second, "--reason", "drill");
            assertServes(second, first);
            killed("generation", "rollback", "--reason", "drill");
            assertServes(first, null);
        }
        whileAProcessIsFrozen(second, () -> done("generation", "switch", second, "--reason", "one is frozen"));
        assertServes(second, first);
        theWayBackReadsItsLogAgain(first, second);
        whileAProcessIsFrozen(
                second, () -> killedOften(2_500, "generation", "retire", first, "--early", "--reason", "drill"));
        assertNothingIsLeftOf(first);
        done("audit", "verify");
        done("evidence", "verify");

        restart("api");
        restart("api-2");

        client.stop();
        System.out.printf(
                "%,d lookups, %d failed%n", client.lookups(), client.failures().size());
        assertThat(client.failures()).isEmpty();
        assertThat(client.lookups()).isGreaterThan(1_000);
        assertThat(read("SELECT count(*) FROM bo.act WHERE ended_at IS NULL")).containsExactly("0");
    }

    private void aRebuildIsKilledAndGoesOn() throws Exception {
        for (int kill = 0; kill < KILLS && isNotReady(); kill++) {
            endsBefore(1_000 + random.nextInt(7_000), "rebuild", "--switch", "never");
        }
        if (isNotReady()) {
            done("rebuild", "--switch", "never");
        }
    }

    private boolean isNotReady() throws Exception {
        return read("SELECT count(*) FROM bo.generation WHERE state = 'READY'").equals(List.of("1"));
    }

    /** A share of 10 % of a candidate whose table nobody can read. */
    private void aFailingTrialIsTakenBackAlthoughItsCommandWasKilled(String candidate) throws Exception {
        try (Connection locker = connect();
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            Process command = commands.start(
                    "share.txt", "generation", "switch", candidate, "--share", "10", "--reason", "trial");
            while (!read("SELECT share FROM bo.serving").equals(List.of("10"))) {
                assertThat(command.isAlive()).as(commands.output("share.txt")).isTrue();
                Thread.sleep(5);
            }
            command.destroyForcibly().waitFor();
            lock.execute("LOCK TABLE g%s.ledger_entry IN ACCESS EXCLUSIVE MODE".formatted(candidate));
            long since = System.nanoTime();
            while (!read("SELECT share FROM bo.serving").equals(List.of("0"))) {
                assertThat(System.nanoTime() - since).isLessThan(TAKEN_BACK_WITHIN.toNanos());
                Thread.sleep(50);
            }
            System.out.printf("taken back after %,d ms%n", (System.nanoTime() - since) / 1_000_000);
        }
        assertThat(client.failures()).isEmpty();
        assertThat(read("SELECT kind FROM bo.act ORDER BY act_id DESC LIMIT 1")).containsExactly("TAKE_BACK");
    }

    /** A discard, a replay of a record that was too far ahead of the clock, and a repair hold whichever one answers. */
    private void whatPeopleOrderIsCarriedOutInBoth(String first, String second) throws Exception {
        Instant soon = Instant.now().plus(Duration.ofHours(1)).plusSeconds(15);
        ahead = EVENT.formatted(AHEAD).replace("\"version\"", "\"updated_at\":\"%s\",\"version\"".formatted(soon));
        publish(Map.of("none", "{\"tx_id\"", AHEAD, ahead));
        awaitDeadLetters(first, second, "OPEN,OPEN");
        done("dlq", "discard", "--reason", "parse_error", "--note", "not wanted");
        Thread.sleep(Math.max(
                0,
                Duration.between(Instant.now().plus(Duration.ofHours(1)), soon).toMillis()));
        done("dlq", "replay");
        awaitDeadLetters(first, second, "DISCARDED,RESOLVED");
        replayed = true;
        theSourceKnowsOneBetter();
    }

    /** Its newer version was never published, so only a repair brings it. */
    private void theSourceKnowsOneBetter() throws Exception {
        Path entries = folder.resolve("entries.ndjson");
        List<String> rows = new ArrayList<>(IDS.stream().map(EVENT::formatted).toList());
        rows.set(0, REPAIRED.formatted(IDS.get(0)));
        rows.add(ahead);
        Files.write(entries, rows);
        Path orders = Files.createFile(folder.resolve("orders.ndjson"));
        done(
                "verify",
                "--repair",
                "--settle",
                "0",
                "--set",
                "backfill.ndjson.ledgerEntries=" + entries,
                "--set",
                "backfill.ndjson.paymentOrders=" + orders,
                "--set",
                "backfill.asOf=" + Instant.now());
        assertThat(read("SELECT count(*) FROM bo.act WHERE kind = 'REPAIR' AND outcome = 'DONE'"))
                .containsExactly("2");
    }

    private void awaitDeadLetters(String first, String second, String states) throws Exception {
        String sql = "SELECT string_agg(state, ',' ORDER BY state) FROM g%s.dead_letter";
        long deadline = System.nanoTime() + TAKEN_BACK_WITHIN.toNanos();
        while (!read(sql.formatted(first)).equals(List.of(states))
                || !read(sql.formatted(second)).equals(List.of(states))) {
            assertThat(System.nanoTime())
                    .as("%s and %s, wanted %s", read(sql.formatted(first)), read(sql.formatted(second)), states)
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** Its consumer had to wait for the table: what it lacks comes first. */
    private void compare(String candidate, String serving) throws Exception {
        done("verify", "--generation", candidate, "--against", serving);
    }

    /** Killed at a random moment, and given again. */
    private void killed(String... command) throws Exception {
        if (!endsBefore(random.nextInt(2_000), command)) {
            doneOrHadBeen(command);
        }
    }

    /** Killed again and again, and then given once more. */
    private void killedOften(int mostMillis, String... command) throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            endsBefore(random.nextInt(mostMillis), command);
        }
        doneOrHadBeen(command);
    }

    private boolean endsBefore(int millis, String... command) throws Exception {
        Process process = commands.start("killed.txt", command);
        boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        assertThat(read("SELECT count(generation) FROM bo.serving")).containsExactly("1");
        return ended;
    }

    /** What was killed when all was done is refused the second time: there is nothing left of it to do. */
    private void doneOrHadBeen(String... command) throws Exception {
        int code = commands.run("again.txt", command);
        assertThat(code == 0
                        || code == 2 && commands.output("again.txt").matches("(?s).*(no way back|retired already).*"))
                .as(commands.output("again.txt"))
                .isTrue();
    }

    private interface Doing {
        void run() throws Exception;
    }

    /** It answers rightly when it wakes. */
    private void whileAProcessIsFrozen(String target, Doing act) throws Exception {
        long pid = pid("api-2");
        client.stop();
        assertThat(client.failures()).isEmpty();
        signal("STOP", pid);
        long frozen = System.nanoTime();
        act.run();
        Thread.sleep(Math.max(0, FROZEN.toMillis() - (System.nanoTime() - frozen) / 1_000_000));
        signal("CONT", pid);
        assertThat(generation(PORTS.get(1), IDS.get(0))).isEqualTo(target);
        client = new SteadyClient(PORTS, IDS);
    }

    private void theWayBackReadsItsLogAgain(String wayBack, String serving) throws Exception {
        String from = begun.toString();
        assertThat(commands.run("again.txt", "generation", "reprocess", serving, "--from", from, "--reason", "drill"))
                .isEqualTo(2);
        assertThat(commands.output("again.txt")).contains("serves, and would answer from the past");
        assertThat(commands.run("again.txt", "generation", "reprocess", wayBack, "--from", from, "--reason", "drill"))
                .isEqualTo(2);
        assertThat(commands.output("again.txt")).contains("a consumer of generation " + wayBack + " runs");
        long pid = pid("consumer-" + wayBack);
        signal("TERM", pid);
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
        done("generation", "reprocess", wayBack, "--from", from, "--reason", "drill");
        assertThat(read("SELECT sum(read_again) > 0 FROM g%s.coverage".formatted(wayBack)))
                .containsExactly("t");
        done("up");
        done("verify", "--coverage", "--generation", wayBack, "--wait", "30");
        assertThat(commands.output("verify---coverage---generation----wait-.txt"))
                .contains("records read again");
    }

    private void restart(String name) throws Exception {
        long pid = pid(name);
        signal("TERM", pid);
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
        done("up");
        Thread.sleep(2_500); // the client finds it ready again
    }

    private void assertServes(String generation, String wayBack) throws Exception {
        assertThat(read("SELECT generation || ' ' || coalesce(way_back::text, '') FROM bo.serving"))
                .containsExactly(generation + " " + (wayBack == null ? "" : wayBack));
        for (int port : PORTS) {
            assertThat(generation(port, IDS.get(0))).isEqualTo(generation);
            assertThat(get(port, "/admin/tx/" + AHEAD).statusCode()).isEqualTo(replayed ? 200 : 404);
            assertThat(get(port, "/admin/tx/" + IDS.get(0)).body()).contains(replayed ? "\"2.00\"" : "\"1.00\"");
        }
    }

    private void assertNothingIsLeftOf(String generation) throws Exception {
        assertThat(read("SELECT count(*) FROM pg_namespace WHERE nspname = 'g%s'".formatted(generation)))
                .containsExactly("0");
        // A process that was frozen wakes with what it knew, and lets go of it with its next look.
        String known = "SELECT count(*) FROM bo.process WHERE generation = %1$s OR %1$s = ANY (prepared)"
                .formatted(generation);
        long deadline = System.nanoTime() + LET_GO_WITHIN.toNanos();
        while (!read(known).equals(List.of("0"))) {
            assertThat(System.nanoTime()).as("a process still knows it").isLessThan(deadline);
            Thread.sleep(50);
        }
        assertThat(read("SELECT count(*) FROM bo.shape WHERE schema_name = 'g%s'".formatted(generation)))
                .containsExactly("0");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + LocalCommands.KAFKA_PORT))) {
            assertThat(admin.listGroups().all().get())
                    .extracting(GroupListing::groupId)
                    .noneMatch(group -> group.contains(generation));
        }
        assertThat(folder.resolve("data/run/consumer-%s.pid".formatted(generation)))
                .doesNotExist();
        for (int port : PORTS) {
            assertThat(get(port, "/metrics").body()).doesNotContain(generation);
        }
    }

    private void done(String... command) throws Exception {
        String output = String.join("-", command).replaceAll("[^a-z-]", "") + ".txt";
        assertThat(commands.run(output, command)).as(commands.output(output)).isZero();
    }

    private String listed(String state) throws Exception {
        done("generation", "list");
        Matcher line =
                Pattern.compile("(?m)^(\\d{14}) +" + state + "\\b").matcher(commands.output("generation-list.txt"));
        assertThat(line.find()).as(commands.output("generation-list.txt")).isTrue();
        return line.group(1);
    }

    private static void publish(Map<String, String> values) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + LocalCommands.KAFKA_PORT),
                new StringSerializer(),
                new StringSerializer())) {
            values.forEach((id, value) -> producer.send(new ProducerRecord<>("ledger.entry.upserted", id, value)));
        }
    }

    private void awaitFound(String id) throws Exception {
        while (get(PORTS.get(0), "/admin/tx/" + id).statusCode() != 200) {
            Thread.sleep(20);
        }
    }

    private String generation(int port, String id) throws Exception {
        return get(port, "/admin/tx/" + id).headers().firstValue("X-Generation").orElse("none");
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        URI address = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private long pid(String name) throws Exception {
        Properties process = new Properties();
        try (Reader file = Files.newBufferedReader(folder.resolve("data/run/%s.pid".formatted(name)))) {
            process.load(file);
        }
        return Long.parseLong(process.getProperty("pid"));
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private List<String> read(String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private Connection connect() throws Exception {
        String password = Files.readString(folder.resolve("data/secrets/TXLOOKUP_DATABASE_PASSWORD"))
                .strip();
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:25432/txlookup", "txlookup", password);
    }
}

package txlookup.apply.store.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.batch.StoreFixture.GENERATION;
import static txlookup.apply.store.batch.StoreFixture.entry;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.Decoded;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.migrations.Migrations;

/**
 * Batches on a server that can compile plans, which the embedded one cannot: Debian's {@code postgresql}, started from
 * its own folder ({@code apt-get install postgresql}). Without it the test is skipped, and with {@code CI} set it fails.
 */
@Tag("nightly")
class CompiledPlansIT {
    private static final Path SERVERS = Path.of("/usr/lib/postgresql");
    private static final int STORED = 20_000;
    private static final int ROWS = 500;
    private static final int BATCHES = 21;

    private Path bin;
    private Path data;
    private String url;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> server = newestServer();
        if (System.getenv("CI") == null) {
            assumeTrue(server.isPresent(), "no server under " + SERVERS + "; apt-get install postgresql");
        }
        bin = server.orElseThrow(() -> new AssertionError("CI installs Debian's postgresql; none under " + SERVERS));
        data = Path.of(run("mktemp", "-d", "/tmp/txlookup-jit-XXXXXX").strip());
        run(bin.resolve("initdb").toString(), "--pgdata=" + data, "--username=jit", "--auth=trust", "--no-sync");
        int port = freePort();
        run(
                bin.resolve("pg_ctl").toString(),
                "--pgdata=" + data,
                "--log=" + data.resolve("log"),
                "--wait",
                "--options=-c port=%d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
                        .formatted(port),
                "start");
        url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
    }

    @AfterEach
    void stop() throws Exception {
        if (url != null) {
            run(bin.resolve("pg_ctl").toString(), "--pgdata=" + data, "--mode=immediate", "stop");
        }
        if (data != null) {
            run("rm", "-rf", data.toString());
        }
    }

    private static Optional<Path> newestServer() throws IOException {
        if (!Files.isDirectory(SERVERS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(SERVERS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
                    .max(Comparator.comparingInt(folder ->
                            Integer.parseInt(folder.getParent().getFileName().toString())));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** PostgreSQL refuses to run as root, and its package brings a user. */
    private static String run(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            all.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        all.addAll(Arrays.asList(command));
        Path output = Files.createTempFile("txlookup-jit", ".out");
        Process process = new ProcessBuilder(all)
                .directory(Path.of("/tmp").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int exit = process.waitFor();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertThat(exit).as(String.join(" ", all) + "\n" + said).isZero();
        return said;
    }

    @Test
    void aBatchOfNewerRowsTakesNoLongerThanWithoutCompiling() throws Exception {
        try (HikariDataSource pool = pool()) {
            Migrations.toHead(pool, GENERATION);
            new GenerationRegistry(pool).plan(StoreFixture.generation(GENERATION));
            fill(pool);
            medianMillis(pool, 0); // so that no figure holds the warming up of this process
        }
        // A pool each: a prepared statement keeps the plan that it was given first.
        double asShipped;
        try (HikariDataSource pool = pool()) {
            asShipped = medianMillis(pool, 1);
        }
        double off;
        try (HikariDataSource pool = with(pool(), "off")) {
            off = medianMillis(pool, 2);
        }
        double on;
        try (HikariDataSource pool = with(pool(), "on")) {
            assertThat(one(pool, "SELECT pg_jit_available()")).isEqualTo("t");
            on = medianMillis(pool, 3);
        }
        System.out.printf(
                "%d newer rows on %s: %.1f ms as shipped, %.1f ms with jit off, %.1f ms with jit on%n",
                ROWS, bin, asShipped, off, on);
        assertThat(asShipped).as("jit off %.1f ms, on %.1f ms", off, on).isLessThan(1.2 * off);
        assertThat(on).as("the server does compile").isGreaterThan(2 * off);
    }

    private HikariDataSource pool() {
        return StoreConnections.generation(
                GENERATION, url, "jit", "", 1, Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    private static HikariDataSource with(HikariDataSource pool, String jit) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET jit = " + jit);
            connection.commit();
        }
        return pool;
    }

    private static String one(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void fill(HikariDataSource pool) throws SQLException {
        apply(pool, 9, batch(STORED, 1));
    }

    /** Each batch replaces the same rows by newer ones, which is what a merge is for. */
    private static double medianMillis(HikariDataSource pool, int partition) throws SQLException {
        double[] millis = new double[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            List<Decoded> batch = batch(ROWS, 100L * (partition + 1) + i);
            long began = System.nanoTime();
            apply(pool, partition, batch);
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        Arrays.sort(millis);
        return millis[BATCHES / 2];
    }

    private static List<Decoded> batch(int rows, long version) {
        List<Decoded> batch = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            batch.add(entry("tx-" + i, CUTOVER, version, version));
        }
        return batch;
    }

    private static void apply(HikariDataSource pool, int partition, List<Decoded> batch) throws SQLException {
        Store store = new Store(pool);
        Source source = new Source(Source.Kind.STREAM, "ledger", partition);
        store.register(source, null, null, 0, CUTOVER);
        Lease claim = store.claim(source, "test").orElseThrow();
        Checkpoint to = Checkpoint.ofStream(claim.nextPosition() + batch.size(), 1, CUTOVER);
        assertThat(store.apply(claim, new BatchEncoder().encode(batch), StoreFixture::record, to)
                        .applied())
                .isEqualTo(batch.size());
    }
}

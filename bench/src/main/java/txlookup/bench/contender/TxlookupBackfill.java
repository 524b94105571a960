package txlookup.bench.contender;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.Backfill;
import txlookup.backfill.Manifest;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.backfill.source.TableInput;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;

/** The backfill as it is shipped, with the local profile's settings, into a store of its own. */
public final class TxlookupBackfill implements AutoCloseable {
    private static final Instant CUTOVER = Instant.parse("2026-11-01T00:00:00Z");

    private final HikariDataSource store;
    private final long generation;
    private final Profile profile = ProfileLoader.ofThisProcess().load("local", Map.of());

    private TxlookupBackfill(HikariDataSource store, long generation) {
        this.store = store;
        this.generation = generation;
    }

    /** A migrated store with a generation to be loaded. */
    public static TxlookupBackfill into(String url) throws SQLException {
        HikariDataSource store = StoreConnections.generation(
                Servers.GENERATION, url, "bench", "bench", 10, Duration.ofSeconds(10), Duration.ofSeconds(30));
        Migrations.toHead(store, Servers.GENERATION);
        new GenerationRegistry(store)
                .plan(new Generation(
                        Servers.GENERATION,
                        "bench",
                        "bench",
                        "bench",
                        "canonical-v1",
                        CUTOVER,
                        Generation.State.PLANNED,
                        null));
        return new TxlookupBackfill(store, Servers.GENERATION);
    }

    /** A generation that is planned and anchored already, in a process of its own, as the launcher starts it; rows a second, its start included. */
    public static double inAProcess(Servers servers, String url, long generation, List<Path> files)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "nice",
                "-n",
                "10",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:NewRatio=1",
                "-cp",
                System.getProperty("java.class.path"),
                TxlookupBackfill.class.getName(),
                url));
        files.forEach(file -> command.add(file.toString()));
        command.add(Long.toString(generation));
        long started = System.nanoTime();
        Path log = servers.folder().resolve("backfill.log");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("the backfill ended with %d: %s".formatted(code, Files.readString(log)));
        }
        Files.readString(log).lines().filter(line -> line.contains("rows/s")).forEach(System.out::println);
        return (System.nanoTime() - started) / 1e9;
    }

    /** A generation that is planned already. */
    public static TxlookupBackfill planned(String url, long generation) {
        return new TxlookupBackfill(
                StoreConnections.generation(
                        generation, url, "bench", "bench", 10, Duration.ofSeconds(10), Duration.ofSeconds(30)),
                generation);
    }

    HikariDataSource store() {
        return store;
    }

    /** Loads; rows a second, from the first thing done to the last. */
    public double load(List<Input> inputs) throws Exception {
        BackfillProgress quiet = new BackfillProgress() {
            @Override
            public void begins(Input input, long rowsBefore) {}

            @Override
            public void applied(Input input, Chunk chunk, BatchResult applied) {}
        };
        LoadSettings settings = new LoadSettings(
                generation,
                CUTOVER,
                CUTOVER,
                "bench",
                profile.backfill().chunkRows(),
                profile.backfill().decodeThreads(),
                profile.events().maxFutureSkew());
        long start = System.nanoTime();
        Manifest manifest =
                new Backfill(settings, profile.events().profile(), store, quiet, Clock.systemUTC()).load(inputs);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (manifest.rejected() != 0) {
            throw new IllegalStateException(manifest.rejected() + " rows were rejected");
        }
        return manifest.rows() / seconds;
    }

    /** Loads two files into a migrated store, or into a generation that is planned already. */
    public static void main(String[] arguments) throws Exception {
        try (TxlookupBackfill backfill =
                arguments.length < 4 ? into(arguments[0]) : planned(arguments[0], Long.parseLong(arguments[3]))) {
            double rate = backfill.load(List.of(
                    new NdjsonInput(Path.of(arguments[1]), Entity.LEDGER_ENTRY),
                    new NdjsonInput(Path.of(arguments[2]), Entity.PAYMENT_ORDER)));
            System.out.printf("  %,.0f rows/s without the process's start%n", rate);
        }
    }

    /** The tables of a source database, as the profile's jdbc source names them. */
    public static List<Input> tables(HikariDataSource source) {
        return List.of(
                new TableInput(source, "public.transaction_ledger", "tx_id", Entity.LEDGER_ENTRY),
                new TableInput(source, "public.payment_orders", "order_id", Entity.PAYMENT_ORDER));
    }

    public static HikariDataSource source(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("bench");
        config.setPassword("bench");
        config.setMaximumPoolSize(3);
        config.addDataSourceProperty("defaultRowFetchSize", 5000);
        return new HikariDataSource(config);
    }

    public void requireRows(long wanted) throws SQLException {
        try (Connection connection = store.getConnection()) {
            long rows = Sql.number(connection, "SELECT count(*) FROM ledger_entry")
                    + Sql.number(connection, "SELECT count(*) FROM payment_order");
            connection.rollback();
            if (rows != wanted) {
                throw new IllegalStateException("%,d rows are in the store, wanted %,d".formatted(rows, wanted));
            }
        }
    }

    @Override
    public void close() {
        store.close();
    }
}

package txlookup.bench;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.postgresql.PGConnection;
import txlookup.apply.model.Entity;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.bench.contender.TxlookupBackfill;
import txlookup.bench.load.PointLookups;
import txlookup.bench.load.PreparedRows;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.measure.ProcessorTime;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/**
 * Loads payments' entries and orders from files and from a source database into a fresh store, and from files into one
 * that is in use, beside COPY of the same rows made ready. Rows a second, medians, all in one run.
 */
final class BackfillBench {
    private static final String USAGE = """
            Usage: bench/backfill [--quick] [--rows N] [--rounds N] [--only ndjson,jdbc,live]
            --memory   10,000,000 rows in a process with 512 MiB, and nothing else
            --quick    fewer rows and one round (three of live), in less than three minutes
            Last line: one JSON object with every figure, in rows a second.""";

    private static final Instant CUTOVER = Instant.parse("2026-11-01T00:00:00Z");
    private static final int ROWS_A_PAYMENT = 3;
    private static final int CHUNK = 10_000;
    private static final double ALREADY_THERE = 0.2;
    private static final long LIVE_ROUNDS = 3;

    private static final Map<String, String> SOURCE = Map.of(
            "transaction_ledger", """
                    SELECT tx_id, wallet_id, entry_type, amount, amount_signed, related_id, related_type, event_time,
                           created_at, updated_at, version
                    FROM ledger_entry""",
            "payment_orders", """
                    SELECT order_id, user_id, merchant_name, amount, status, created_at, updated_at, version
                    FROM payment_order""");

    private final Servers servers;
    private final Metrics figures = new Metrics();
    private int databases;

    private BackfillBench(Servers servers) {
        this.servers = servers;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        boolean quick = options.contains("--quick");
        long rows = Options.number(options, "--rows", quick ? 300_000 : 900_000);
        long rounds = Options.number(options, "--rounds", quick ? 1 : 3);
        List<String> only =
                List.of(Options.text(options, "--only", "ndjson,jdbc,live").split(",", -1));
        if (options.contains("--memory")) {
            long many = Options.number(options, "--rows", 10_000_000);
            new BackfillBench(Servers.start()).inLittleMemory(many / ROWS_A_PAYMENT);
            System.exit(0);
        }
        new BackfillBench(Servers.start()).run(rows / ROWS_A_PAYMENT, rounds, only);
        System.exit(0); // clients that a failed round left behind must not hold the process
    }

    private void run(long payments, long rounds, List<String> only) throws Exception {
        System.out.println(Machine.describe());
        Path folder = servers.folder().resolve("extract");
        Payments world = new Payments(1, CUTOVER, 2 * payments);
        Extract extract = Extract.write(world, 0, payments, folder, false);
        Extract others = Extract.write(
                world, payments, payments + (long) (payments * ALREADY_THERE), folder.resolve("before"), false);
        String loaded = newDatabase();
        try (TxlookupBackfill warm = TxlookupBackfill.into(loaded)) {
            warm.load(files(extract));
        }
        PreparedRows ready = PreparedRows.of(loaded);
        String source = newSource(loaded);
        System.out.printf(
                "%,d rows of %,d payments; for live %.0f %% others are there already%n",
                ready.count(), payments, 100 * ALREADY_THERE);
        for (int round = 1; round <= rounds; round++) {
            System.out.printf("round %d%n", round);
            limit("copy_then_index", ready.count(), () -> ready.copyThenIndex(migrated(), 1));
            limit("copy_then_index_2", ready.count(), () -> ready.copyThenIndex(migrated(), 2));
            if (only.contains("ndjson")) {
                read("ndjson", files(extract));
                fresh("ndjson", files(extract), ready.count());
            }
            if (only.contains("jdbc")) {
                try (HikariDataSource tables = TxlookupBackfill.source(source)) {
                    read("jdbc", TxlookupBackfill.tables(tables));
                    fresh("jdbc", TxlookupBackfill.tables(tables), ready.count());
                }
            }
            // Two short loads against each other: once tells little.
            for (int again = 0; only.contains("live") && again < Math.max(1, LIVE_ROUNDS / rounds); again++) {
                live(files(extract), files(others), ready);
            }
        }
        figures.put("rows", ready.count());
        figures.ratio("ndjson_to_limit", "ndjson", "copy_then_index");
        figures.ratio("jdbc_to_limit", "jdbc", "copy_then_index");
        figures.ratio("ndjson_to_limit_2", "ndjson", "copy_then_index_2");
        figures.ratio("jdbc_to_limit_2", "jdbc", "copy_then_index_2");
        figures.ratio("live_to_limit", "live", "copy_indexed_2");
        figures.print();
    }

    /** What one reader gives, so how many processors can be kept busy behind it. */
    private void read(String name, List<Input> inputs) throws Exception {
        long rows = 0;
        long started = System.nanoTime();
        for (Input input : inputs) {
            try (Input.Reader reader = input.open(1, null, CUTOVER)) {
                Chunk chunk;
                do {
                    chunk = reader.next(CHUNK);
                    rows += chunk.records().size();
                } while (!chunk.last());
            }
        }
        figures.add(name + "_read", rows * 1e9 / (System.nanoTime() - started));
    }

    private void fresh(String name, List<Input> inputs, long rows) throws Exception {
        try (TxlookupBackfill backfill = TxlookupBackfill.into(newDatabase())) {
            settle();
            measure(name, rows, () -> backfill.load(inputs));
            backfill.requireRows(rows);
        }
    }

    private void measure(String name, long rows, Callable<Double> load) throws Exception {
        long own = ownTime();
        limit(name, rows, load);
        figures.add(name + "_own_ns_a_row", (ownTime() - own) / (double) rows);
    }

    private void limit(String name, long rows, Callable<Double> load) throws Exception {
        double before = ProcessorTime.of(servers.postgres().pid());
        figures.add(name, load.call());
        double took = ProcessorTime.of(servers.postgres().pid()) - before;
        figures.add(name + "_database_ns_a_row", took * 1e9 / rows);
    }

    private static long ownTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private void live(List<Input> inputs, List<Input> before, PreparedRows ready) throws Exception {
        String peer = newDatabase();
        try (TxlookupBackfill backfill = TxlookupBackfill.into(peer)) {
            backfill.load(before);
        }
        settle();
        limit("copy_indexed_2", ready.count(), () -> ready.copyIndexed(peer, 2));
        String url = newDatabase();
        try (TxlookupBackfill backfill = TxlookupBackfill.into(url)) {
            backfill.load(before);
            settle();
            PointLookups lookups = new PointLookups(url);
            try {
                measure("live", ready.count(), () -> backfill.load(inputs));
            } finally {
                figures.addMillis("live_p95_ms", lookups.endWithP95Millis());
            }
        }
    }

    /** Loads many rows in a process with little memory: what a load holds must not grow with what it loads. */
    private void inLittleMemory(long payments) throws Exception {
        System.out.println(Machine.describe());
        Path folder = servers.folder().resolve("extract");
        Extract extract = Extract.write(new Payments(1, CUTOVER, payments), 0, payments, folder, false);
        String url = newDatabase();
        TxlookupBackfill.into(url).close();
        long start = System.nanoTime();
        int code = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dlogging.level=WARN",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TxlookupBackfill.class.getName(),
                        url,
                        extract.ledgerEntries().toString(),
                        extract.paymentOrders().toString())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("the load ended with " + code);
        }
        try (Connection connection = connect(url)) {
            long rows = Sql.number(connection, "SELECT sum(applied) FROM coverage");
            figures.add("ndjson_in_512_mib", rows * 1e9 / (System.nanoTime() - start));
            figures.put("rows", rows);
        }
        figures.print();
    }

    private static List<Input> files(Extract extract) {
        return List.of(
                new NdjsonInput(extract.ledgerEntries(), Entity.LEDGER_ENTRY),
                new NdjsonInput(extract.paymentOrders(), Entity.PAYMENT_ORDER));
    }

    private String newDatabase() {
        return servers.newDatabase("backfill_" + ++databases);
    }

    private String migrated() throws SQLException {
        String url = newDatabase();
        TxlookupBackfill.into(url).close();
        settle();
        return url;
    }

    /** What an earlier measurement left to be written must not be written in the next one. */
    private void settle() throws SQLException {
        try (Connection connection = connect(servers.postgres().jdbcUrl("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
    }

    private String newSource(String loaded) throws Exception {
        String url = servers.newDatabase("source");
        try (Connection from = connect(loaded);
                Connection to = connect(url);
                Statement statement = to.createStatement()) {
            statement.execute("""
                    CREATE TABLE transaction_ledger (
                        tx_id text PRIMARY KEY, wallet_id text NOT NULL, entry_type text NOT NULL,
                        amount numeric NOT NULL, amount_signed numeric, related_id text, related_type text,
                        event_time timestamptz NOT NULL, created_at timestamptz, updated_at timestamptz,
                        version bigint)""");
            statement.execute("""
                    CREATE TABLE payment_orders (
                        order_id text PRIMARY KEY, user_id text, merchant_name text, amount numeric NOT NULL,
                        status text NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz,
                        version bigint)""");
            for (Map.Entry<String, String> table : SOURCE.entrySet()) {
                pipe(
                        from,
                        "COPY (%s) TO STDOUT".formatted(table.getValue()),
                        to,
                        "COPY %s FROM STDIN".formatted(table.getKey()));
            }
            statement.execute("VACUUM ANALYZE");
        }
        return url;
    }

    private static void pipe(Connection from, String out, Connection to, String in) throws Exception {
        try (PipedOutputStream sink = new PipedOutputStream();
                PipedInputStream rows = new PipedInputStream(sink, 1 << 20)) {
            Thread reading = new Thread(() -> {
                try (sink) {
                    from.unwrap(PGConnection.class).getCopyAPI().copyOut(out, sink);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            reading.start();
            to.unwrap(PGConnection.class).getCopyAPI().copyIn(in, rows);
            reading.join();
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "bench", "bench");
    }
}

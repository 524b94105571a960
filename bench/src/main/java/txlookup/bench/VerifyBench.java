package txlookup.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.backfill.Backfill;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;
import txlookup.proof.Verification;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Findings;
import txlookup.proof.compare.VerificationSettings;
import txlookup.proof.compare.Window;
import txlookup.proof.repair.Repair;
import txlookup.proof.source.InputSide;
import txlookup.proof.store.StoreSide;
import txlookup.traffic.Event;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/**
 * A store of so many rows beside the extract that it was loaded from: one pass over equal sides, then rows made missing,
 * extra and wrong behind the store's back while a stream goes on, found, repaired and proved again. Seconds.
 */
final class VerifyBench {
    private static final String USAGE = """
            Usage: bench/verify [--quick] [--rows N] [--differences N] [--rounds N]
            --quick          fewer rows and one round, in less than three minutes
            Last line: one JSON object with every figure, in seconds.""";

    private static final Instant CUTOVER = Instant.parse("2026-11-01T00:00:00Z");
    private static final Window WINDOW = Window.settled(null, CUTOVER, CUTOVER, Duration.ofSeconds(60));
    private static final int ROWS_A_PAYMENT = 3;

    // Thirds of the differences: at every stride-th payment, so that they are spread over all buckets.
    private static final List<String> BREAK = List.of(
            "DELETE FROM ledger_entry WHERE tx_id = ANY (SELECT 'tx-' || lpad((n * %1$d)::text, 10, '0') || '-p' FROM generate_series(1, %2$d) AS n)",
            """
            INSERT INTO payment_order
            SELECT (jsonb_populate_record(stored, jsonb_build_object('order_id', order_id || '-extra'))).*
            FROM payment_order AS stored WHERE order_id = ANY (
                SELECT 'po-' || lpad((n * %1$d + 1)::text, 10, '0') FROM generate_series(1, %2$d) AS n)""",
            "UPDATE payment_order SET amount = amount + 1 WHERE order_id = ANY (SELECT 'po-' || lpad((n * %1$d + 2)::text, 10, '0') FROM generate_series(1, %2$d) AS n)");

    private static final BackfillProgress QUIET = new BackfillProgress() {
        @Override
        public void begins(Input input, long rowsBefore) {}

        @Override
        public void applied(Input input, Chunk chunk, BatchResult applied) {}
    };

    private static volatile boolean over;

    private VerifyBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        boolean quick = options.contains("--quick");
        long payments = Options.number(options, "--rows", quick ? 500_000 : 2_000_000) / ROWS_A_PAYMENT;
        int third = (int) Options.number(options, "--differences", 2_001) / ROWS_A_PAYMENT;
        long rounds = Options.number(options, "--rounds", quick ? 1 : 3);
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        List<Input> inputs = extract(servers.folder(), payments);
        for (int round = 1; round <= rounds; round++) {
            System.out.printf("round %d%n", round);
            String url = servers.newDatabase("verify_" + round);
            try (HikariDataSource store = StoreConnections.generation(
                    Servers.GENERATION,
                    url,
                    servers.settings().superuser(),
                    servers.settings().password(),
                    12,
                    seconds(10),
                    seconds(120))) {
                load(store, inputs);
                round(store, inputs, payments, third, figures);
            }
        }
        figures.print();
        System.exit(0); // clients that a failed round left behind must not hold the process
    }

    private static void round(HikariDataSource store, List<Input> inputs, long payments, int third, Metrics figures)
            throws Exception {
        InputSide source = new InputSide(inputs, VerifyBench::decoder, CUTOVER);
        Verification verification =
                new Verification(source, new StoreSide(store, "store", CUTOVER), VerificationSettings.USUAL);
        long started = System.nanoTime();
        Findings clean = verification.run(WINDOW);
        figures.addMillis("clean_pass_s", since(started));
        figures.put(
                "rows",
                clean.tables().stream().mapToLong(table -> table.storeRows()).sum());
        require(clean.differences().isEmpty(), "differences in a store that has none");
        long stride = payments * 99 / 100 / (third + 1);
        breakRows(store, stride, third);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        over = false;
        Future<Long> traffic = thread.submit((Callable<Long>) () -> stream(store, payments));
        started = System.nanoTime();
        Findings found = verification.run(WINDOW);
        figures.addMillis("find_s", since(started));
        Repair repair = new Repair(store, verification, source, "bench");
        List<Difference> repaired = repair.carryOut(found.differences(), WINDOW);
        List<Difference> left = repair.withQuarantined(verification.run(WINDOW).differences());
        figures.addMillis("find_and_repair_s", since(started));
        over = true;
        System.out.printf("  %,d events applied meanwhile%n", traffic.get());
        thread.shutdown();
        Set<String> wanted = broken(stride, third);
        long right = found.differences().stream()
                .filter(one -> wanted.contains(one.kind() + " " + one.key()))
                .count();
        figures.put("injected", wanted.size());
        figures.put("found", right);
        figures.put("invented", found.differences().size() - right);
        figures.put(
                "left",
                repaired.stream().filter(Difference::isOpen).count()
                        + left.stream().filter(Difference::isOpen).count());
    }

    private static Set<String> broken(long stride, int third) {
        Set<String> broken = new HashSet<>();
        for (long n = 1; n <= third; n++) {
            broken.add("MISSING " + Payments.paymentTxId(n * stride));
            broken.add("EXTRA " + Payments.orderId(n * stride + 1) + "-extra");
            broken.add("FIELD " + Payments.orderId(n * stride + 2));
        }
        return broken;
    }

    /** New payments, as a stream brings them. */
    private static long stream(HikariDataSource connections, long payments) throws Exception {
        Store store = new Store(connections);
        Source topic = new Source(Source.Kind.STREAM, "entries", 0);
        store.register(topic, null, null, 0, CUTOVER);
        Lease claim = store.claim(topic, "bench").orElseThrow();
        Payments world = new Payments(1, CUTOVER, payments);
        Decoder decoder = decoder();
        for (long n = payments; !over; n++) {
            List<Decoded> decoded = new ArrayList<>();
            for (Event event : world.state(n)) {
                Entity entity = event.kind() == Event.Kind.LEDGER_ENTRY ? Entity.LEDGER_ENTRY : Entity.PAYMENT_ORDER;
                decoded.add(decoder.decode(
                        entity, new SourceRecord(claim.nextPosition() + decoded.size(), CUTOVER, event.value())));
            }
            Checkpoint to = Checkpoint.ofStream(claim.nextPosition() + decoded.size(), 0, CUTOVER);
            claim = store.apply(
                            claim,
                            new BatchEncoder().encode(decoded),
                            position -> new SourceRecord(position, CUTOVER, null),
                            to)
                    .claim();
            Thread.sleep(5);
        }
        return claim.nextPosition();
    }

    private static void breakRows(HikariDataSource store, long stride, int third) throws SQLException {
        try (Connection connection = store.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : BREAK) {
                statement.executeUpdate(sql.formatted(stride, third));
            }
            connection.commit();
        }
    }

    private static List<Input> extract(Path folder, long payments) throws Exception {
        Extract extract =
                Extract.write(new Payments(1, CUTOVER, payments), 0, payments, folder.resolve("extract"), false);
        return List.of(
                new NdjsonInput(extract.ledgerEntries(), Entity.LEDGER_ENTRY),
                new NdjsonInput(extract.paymentOrders(), Entity.PAYMENT_ORDER));
    }

    private static void load(HikariDataSource store, List<Input> inputs) throws Exception {
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
        new Backfill(
                        new LoadSettings(Servers.GENERATION, CUTOVER, CUTOVER, "bench", 10_000, 0, Duration.ofHours(1)),
                        EventProfiles.load("canonical-v1"),
                        store,
                        QUIET,
                        Clock.systemUTC())
                .load(inputs);
    }

    private static Decoder decoder() {
        return new Decoder(EventProfiles.load("canonical-v1"), Duration.ofHours(1), Clock.systemUTC());
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    private static double since(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}

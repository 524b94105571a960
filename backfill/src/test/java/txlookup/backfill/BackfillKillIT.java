package txlookup.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.traffic.Event;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/**
 * A backfill's process is killed again and again; a stream with some of the same keys comes after it or runs beside it. In
 * the end the store is what one gets by applying everything one after the other, and the schema is what the migrations made.
 */
@Tag("nightly")
class BackfillKillIT {
    private static final String ROWS = """
            SELECT (SELECT count(*) || ' ' || sum(digest) || ' ' || md5(string_agg(concat_ws('|', tx_id, amount, version,
                        updated_at, source_time, wallet_id), ',' ORDER BY tx_id)) FROM ledger_entry)
                || ' / ' || (SELECT count(*) || ' ' || sum(digest) || ' ' || md5(string_agg(concat_ws('|', order_id, amount,
                        status, version, source_time), ',' ORDER BY order_id)) FROM payment_order)""";

    private static final String SCHEMA = """
            SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
                SELECT concat_ws(' ', indexdef, obj_description(format('%I.%I', schemaname, indexname)::regclass, 'pg_class'))
                FROM pg_indexes WHERE schemaname = current_schema()
                UNION ALL
                SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint'))
                FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
                UNION ALL
                SELECT concat_ws(' ', relname, reloptions, relowner, relacl, obj_description(oid, 'pg_class')) FROM pg_class
                WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r') AS all_of_it (line)""";

    private static final String COMPLETED = """
            SELECT bool_and(completed_at IS NOT NULL AND consumed = next_position - 1) || ' ' || sum(consumed)
            FROM coverage WHERE kind = 'BACKFILL'""";

    private static final String INDEXES = """
            SELECT string_agg(indexrelid::text, ' ' ORDER BY indexrelid) FROM pg_index
            WHERE indrelid IN ('ledger_entry'::regclass, 'payment_order'::regclass)""";

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void threeKillsOfAFreshLoadChangeNothing() throws Exception {
        endsAsIfNothingHadHappened(11, 3, 3000, true);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void threeKillsOfALoadBesideAStreamChangeNothing() throws Exception {
        endsAsIfNothingHadHappened(12, 3, 3000, false);
    }

    @Test
    @Tag("nightly")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void fiftyKillsChangeNothing() throws Exception {
        long seed = System.nanoTime();
        for (int round = 0; round < 10; round++) {
            endsAsIfNothingHadHappened(seed + round, 5, 10_000, round % 2 == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE INDEX by_slow%", "VACUUM%ledger_entry"})
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aKillAfterTheLastRowCostsNoIndexThatIsMade(String moment) throws Exception {
        Payments world = new Payments(13, BackfillFixture.CUTOVER, 300);
        Extract extract = Extract.write(world, 0, 300, folder.resolve("extract"), false);
        try (BackfillFixture fixture = new BackfillFixture()) {
            fixture.makeIndexesSlow();
            String schema = fixture.one(SCHEMA);
            Process process = start(fixture, extract);
            try {
                fixture.awaitStatement(moment);
                awaitSomeIndex(fixture); // the slow one may be begun first
            } finally {
                process.destroyForcibly().waitFor();
            }
            String made = fixture.one(INDEXES);
            Process next = start(fixture, extract);
            assertThat(next.waitFor()).isZero();
            assertThat(fixture.one(INDEXES).split(" ")).contains(made.split(" "));
            assertThat(made.split(" ")).hasSizeGreaterThanOrEqualTo(moment.startsWith("VACUUM") ? 5 : 1);
            assertThat(fixture.one(SCHEMA)).isEqualTo(schema);
            assertThat(fixture.one("SELECT count(*) FROM load_index")).isEqualTo("0");
            assertThat(fixture.one(COMPLETED))
                    .isEqualTo(
                            "true "
                                    + fixture.one(
                                            "SELECT (SELECT count(*) FROM ledger_entry) + (SELECT count(*) FROM payment_order)"));
        }
    }

    private static void awaitSomeIndex(BackfillFixture fixture) throws Exception {
        while (fixture.one(INDEXES) == null) {
            Thread.sleep(10);
        }
    }

    private void endsAsIfNothingHadHappened(long seed, int kills, int payments, boolean fresh) throws Exception {
        Random random = new Random(seed);
        Payments world = new Payments(seed, BackfillFixture.CUTOVER, payments);
        Extract extract = Extract.write(world, 0, payments, folder.resolve("extract-" + seed), false);
        List<Input> inputs = LoadingProcess.inputs(extract.ledgerEntries(), extract.paymentOrders());
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.addAll(world.history(random.nextInt(payments + 200)));
        }
        try (BackfillFixture fixture = new BackfillFixture();
                BackfillFixture oracle = new BackfillFixture()) {
            String schema = fixture.one(SCHEMA);
            Store stored = new Store(oracle.connections);
            EventStream expected = new EventStream(stored);
            expected.apply(events, 50);
            for (Input input : inputs) {
                applyOneByOne(stored, input);
            }
            if (!fresh) {
                fixture.mayBeConsumed();
            }
            EventStream stream = new EventStream(new Store(fixture.connections));
            int chunks = 3 * payments / 400;
            for (int kill = 0; kill <= kills; kill++) {
                boolean last = kill == kills;
                run(fixture, extract, last ? Integer.MAX_VALUE : 1 + random.nextInt(chunks / 2), random);
                if (!fresh) {
                    int from = events.size() * kill / (kills + 1);
                    stream.apply(events.subList(from, events.size() * (kill + 1) / (kills + 1)), 50);
                }
            }
            if (fresh) {
                stream.apply(events, 50);
            }
            assertThat(fixture.one(ROWS)).as("seed %d", seed).isEqualTo(oracle.one(ROWS));
            assertThat(fixture.one(SCHEMA)).as("seed %d", seed).isEqualTo(schema);
            assertThat(fixture.one(COMPLETED))
                    .as("seed %d", seed)
                    .isEqualTo(oracle.one("SELECT 'true ' || sum(consumed) FROM coverage WHERE kind = 'BACKFILL'"));
        }
    }

    /** Runs a load in a process of its own, and kills it a moment after so many chunks. */
    private static void run(BackfillFixture fixture, Extract extract, int chunksToLive, Random random)
            throws Exception {
        Process process = start(fixture, extract);
        try (BufferedReader words =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int chunks = 0;
            boolean done = false;
            for (String word; (word = words.readLine()) != null; ) {
                done |= word.equals("done");
                if (word.equals("chunk") && ++chunks == chunksToLive) {
                    Thread.sleep(random.nextInt(40));
                    break;
                }
            }
            if (chunksToLive == Integer.MAX_VALUE) {
                assertThat(done).as("the last run ended well").isTrue();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Process start(BackfillFixture fixture, Extract extract) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadingProcess.class.getName(),
                        fixture.database.jdbcUrl(),
                        fixture.database.user(),
                        fixture.database.password(),
                        extract.ledgerEntries().toString(),
                        extract.paymentOrders().toString(),
                        "400")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static void applyOneByOne(Store store, Input input) throws Exception {
        Source source = new Source(Source.Kind.BACKFILL, input.name(), Source.NO_PARTITION);
        store.register(source, input.entity(), null, 1, BackfillFixture.CUTOVER);
        Lease claim = store.claim(source, "oracle").orElseThrow();
        try (Input.Reader reader = input.open(1, null, BackfillFixture.CUTOVER)) {
            Chunk chunk;
            do {
                chunk = reader.next(1000);
                Checkpoint to = new Checkpoint(
                        chunk.nextPosition(), null, chunk.bytes(), BackfillFixture.CUTOVER, chunk.last());
                claim = store.apply(
                                claim,
                                new BatchEncoder().encode(EventStream.decode(input.entity(), chunk.records())),
                                position -> null,
                                to)
                        .claim();
            } while (!chunk.last());
        }
    }
}

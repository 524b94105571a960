package txlookup.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.batch.Store;
import txlookup.backfill.source.Input;
import txlookup.traffic.Event;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/**
 * A backfill's process is killed at random moments, the making of indexes and the last transaction among them. A stream
 * writes some of the same keys, older and newer, after the load or beside it without a pause. In the end the store is what one gets by applying
 * everything one after the other. {@code -Dbackfill.kills=50 -Dbackfill.kills.rows=1000000}
 */
class BackfillUnderStreamIT {
    private static final Logger log = LoggerFactory.getLogger(BackfillUnderStreamIT.class);

    private static final int KILLS_IN_A_ROUND = 5;

    private static final String CONTENT = """
            SELECT count(*) || ' ' || sum(digest) || ' ' || sum(('x' || left(md5(concat_ws('|', %s)), 15))::bit(60)::bigint)
            FROM %s""";

    private static final List<String> CONTENTS = List.of(
            CONTENT.formatted(
                    "tx_id, wallet_id, entry_type, amount, related_id, event_time, updated_at, version, source_time",
                    "ledger_entry"),
            CONTENT.formatted(
                    "order_id, user_id, amount, status, created_at, updated_at, version, source_time",
                    "payment_order"));

    private static final String ROWS_LEFT =
            "SELECT %d - coalesce(sum(next_position - 1), 0) FROM coverage WHERE kind = 'BACKFILL'";

    private static final String ACCOUNTED = """
            SELECT bool_and(completed_at IS NOT NULL AND consumed = applied + stale + duplicate + dead) || ' ' || sum(consumed)
            FROM coverage WHERE kind = 'BACKFILL'""";

    private static final String INDEXES =
            "SELECT string_agg(indexdef, E'\\n' ORDER BY indexdef) FROM pg_indexes WHERE schemaname = current_schema()";

    @TempDir
    private Path folder;

    private Payments world;
    private Extract extract;
    private long rows;
    private final List<Event> oracleEvents = new ArrayList<>();

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void fewKillsOfASmallLoad() throws Exception {
        killed(17, 1, 1, 3_000, 300);
    }

    @Test
    @Tag("nightly")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void manyKillsOfALargeLoad() throws Exception {
        long seed = Long.getLong("backfill.kills.seed", System.nanoTime());
        killed(
                seed,
                Integer.getInteger("backfill.kills", 50),
                KILLS_IN_A_ROUND,
                Integer.getInteger("backfill.kills.rows", 1_000_000),
                10_000);
    }

    private void killed(long seed, int kills, int inARound, int wantedRows, int chunkRows) throws Exception {
        int payments = wantedRows / 3 + 1;
        world = new Payments(seed, BackfillFixture.CUTOVER, payments);
        extract = Extract.write(world, 0, payments, folder, false);
        try (BackfillFixture oracle = new BackfillFixture()) {
            for (Input input : inputs()) {
                BackfillKillIT.applyOneByOne(new Store(oracle.connections), input);
            }
            rows = Long.parseLong(oracle.one("SELECT sum(consumed) FROM coverage WHERE kind = 'BACKFILL'"));
            EventStream expected = new EventStream(new Store(oracle.connections));
            int killed = 0;
            for (int round = 0; killed < kills; round++) {
                killed += round(
                        seed + round, Math.min(inARound, kills - killed), round % 2 == 0, oracle, expected, chunkRows);
                log.info("{} kills of a load of {} rows, seed {}", killed, rows, seed);
            }
        }
    }

    private List<Input> inputs() {
        return LoadingProcess.inputs(extract.ledgerEntries(), extract.paymentOrders());
    }

    /**
     * One load with kills, compared with the oracle.
     *
     * @param fresh whether the stream begins after the load, or runs beside it
     * @param oracle holds the extract and the events of all rounds before; this store is given those as well
     * @return how many kills hit a living process
     */
    private int round(long seed, int kills, boolean fresh, BackfillFixture oracle, EventStream expected, int chunkRows)
            throws Exception {
        // Scrambled, for neighbouring seeds begin alike.
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        try (BackfillFixture fixture = new BackfillFixture();
                LiveTraffic traffic = new LiveTraffic(world, seed, fixture)) {
            String indexes = fixture.one(INDEXES);
            if (!fresh) {
                fixture.mayBeConsumed();
                traffic.start();
            }
            int hit = 0;
            boolean done = false;
            for (int run = 0; !done; run++) {
                int left = (int) (Long.parseLong(fixture.one(ROWS_LEFT.formatted(rows))) / chunkRows);
                boolean late = left == 0 || random.nextInt(4) == 0;
                int chunks = run >= kills ? Integer.MAX_VALUE : late ? left : 1 + random.nextInt(1 + left / 3);
                done = run(fixture, chunkRows, chunks, random.nextInt(late ? 1500 : 300));
                hit += done ? 0 : 1;
            }
            if (fresh) {
                fixture.mayBeConsumed();
                traffic.start();
                TimeUnit.SECONDS.sleep(1);
            }
            List<Event> events = traffic.stop();
            traffic.replay(oracleEvents);
            expected.apply(events, EventStream.MANY);
            oracleEvents.addAll(events);
            for (String content : CONTENTS) {
                assertThat(fixture.one(content))
                        .as("seed %d, %s", seed, content)
                        .isEqualTo(oracle.one(content));
            }
            assertThat(fixture.one(INDEXES)).as("seed %d", seed).isEqualTo(indexes);
            assertThat(fixture.one(ACCOUNTED)).as("seed %d", seed).isEqualTo("true " + rows);
            return hit;
        }
    }

    /** Runs a load in a process of its own and kills it so long after so many chunks; tells whether it ended before. */
    private boolean run(BackfillFixture fixture, int chunkRows, int chunksToLive, int millisMore) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadingProcess.class.getName(),
                        fixture.database.jdbcUrl(),
                        fixture.database.user(),
                        fixture.database.password(),
                        extract.ledgerEntries().toString(),
                        extract.paymentOrders().toString(),
                        Integer.toString(chunkRows))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader words =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int chunks = 0;
            boolean done = false;
            for (String word; chunks < chunksToLive && (word = words.readLine()) != null; ) {
                done |= word.equals("done");
                chunks += word.equals("chunk") ? 1 : 0;
            }
            if (chunks < chunksToLive) {
                assertThat(done).as("it ended well").isTrue();
                return true;
            }
            return process.waitFor(millisMore, TimeUnit.MILLISECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}

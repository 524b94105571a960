package txlookup.apply.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.store.StoreFixture.CUTOVER;
import static txlookup.apply.store.StoreFixture.GENERATION;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.apply.Decoded;
import txlookup.apply.Entity;
import txlookup.apply.LedgerEntry;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FreshLoadTest {
    private StoreFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new StoreFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Claim input(String name) throws SQLException {
        Source source = new Source(Source.Kind.BACKFILL, name, Source.NO_PARTITION);
        fixture.store.register(source, Entity.LEDGER_ENTRY, null, 1, CUTOVER);
        return fixture.store.claim(source, "test").orElseThrow();
    }

    private FreshLoad begin() throws SQLException {
        return FreshLoad.begin(fixture.connections, GENERATION, 2).orElseThrow();
    }

    private static Claim load(BulkLoad load, Claim claim, List<? extends Decoded> decoded) throws Exception {
        Progress to = new Progress(claim.nextPosition() + decoded.size(), null, 10, CUTOVER, true);
        BulkLoad.Turn now = new BulkLoad.Turn() {
            @Override
            public Claim await() {
                return claim;
            }

            @Override
            public Claim await(long millis) {
                return claim;
            }
        };
        return load.apply(claim.sourceId(), Entity.LEDGER_ENTRY, decoded, StoreFixture::record, to, now)
                .claim();
    }

    @Test
    void lookupsArePlannedForWhatWasLoaded() throws Exception {
        FreshLoad load = begin();
        load.finish(List.of(load(load, input("extract"), List.of(StoreFixture.entry("a", CUTOVER, 1L, 1)))));
        assertThat(fixture.query("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = current_schema()"
                        + " AND tablename IN ('ledger_entry', 'payment_order')"))
                .containsExactly("ledger_entry");
        assertThat(fixture.query("SELECT reltuples FROM pg_class WHERE oid = 'ledger_entry'::regclass"))
                .containsExactly("1");
    }

    static IntStream seeds() {
        return IntStream.range(0, 8);
    }

    /** A load of two inputs under a stream, left and begun again at random, beside an oracle. */
    @ParameterizedTest
    @MethodSource("seeds")
    void endsInTheStoreThatTheContractWantsHoweverOftenItIsLeft(int seed) throws Exception {
        RandomHistory history = new RandomHistory(seed);
        Random random = new Random(seed * 17L);
        List<List<Decoded>> deliveries = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Decoded snapshot : history.snapshots()) {
            deliveries.get(random.nextInt(3)).add(snapshot);
            while (random.nextInt(4) == 0) {
                deliveries.get(random.nextInt(3)).add(snapshot);
            }
        }
        deliveries.forEach(delivery -> Collections.shuffle(delivery, random));
        List<String> schema = Schema.of(fixture);
        FreshLoad load = begin();
        List<Claim> ends = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Claim claim = input("input-" + i);
            List<Decoded> delivery = deliveries.get(i);
            for (int from = 0; from < delivery.size(); ) {
                int to = Math.min(from + 1 + random.nextInt(60), delivery.size());
                claim = load(load, claim, delivery.subList(from, to));
                from = to;
                if (random.nextInt(3) == 0) {
                    load = begin();
                    claim = input("input-" + i);
                    assertThat(claim.completed()).isFalse();
                }
            }
            ends.add(claim);
        }
        Claim stream = fixture.claim("ledger", 0);
        fixture.apply(stream, deliveries.get(2));
        if (seed % 2 == 0) {
            new IndexBuild(fixture.connections, 2).build(List.of(new LoadingTable(BulkTable.LEDGER_ENTRY)));
            load = begin();
        }
        load.finish(ends);
        assertThat(fixture.query(ConvergenceTest.ROWS)).as("seed %d", seed).isEqualTo(history.winners());
        assertThat(Schema.of(fixture)).isEqualTo(schema);
        assertThat(fixture.query("SELECT sum(consumed) FROM coverage"))
                .containsExactly(Integer.toString(
                        deliveries.stream().mapToInt(List::size).sum()));
        assertThat(fixture.query("SELECT count(*) FROM coverage WHERE kind = 'BACKFILL' AND completed_at IS NULL"))
                .containsExactly("0");
        assertThat(fixture.query("""
                SELECT count(*) FROM coverage AS c WHERE kind = 'BACKFILL'
                  AND applied <> (SELECT count(*) FROM ledger_entry AS e WHERE e.source_id = c.source_id)
                  AND NOT EXISTS (SELECT FROM coverage WHERE kind = 'STREAM')""")).containsExactly("0");
    }

    @Test
    void countsWhatWasBeatenAsOneBatchWould() throws Exception {
        FreshLoad load = begin();
        Claim first = load(load, input("a"), List.of(entry("x", 2), entry("y", 5), entry("x", 1)));
        Claim second = load(load, input("b"), List.of(entry("x", 2), entry("y", 6), entry("z", 1)));
        load.finish(List.of(first, second));
        assertThat(fixture.query("SELECT name, consumed, applied, stale, duplicate FROM coverage ORDER BY name"))
                .containsExactly("a 3 1 2 0", "b 3 2 0 1");
        assertThat(fixture.query("SELECT tx_id, version FROM ledger_entry ORDER BY 1"))
                .containsExactly("x 2", "y 6", "z 1");
    }

    private static LedgerEntry entry(String txId, long version) {
        return StoreFixture.entry(txId, CUTOVER, version, version);
    }

    @Test
    void whatStreamAndLoadBothBringIsCountedAsIfTheLoadCameLast() throws Exception {
        FreshLoad load = begin();
        Claim end = load(load, input("a"), List.of(entry("older", 1), entry("same", 2), entry("newer", 3)));
        Claim stream = fixture.claim("ledger", 0);
        fixture.apply(stream, entry("older", 2), entry("same", 2), entry("newer", 1), entry("only", 1));
        load.finish(List.of(end));
        assertThat(fixture.query("SELECT applied, stale, duplicate FROM coverage WHERE kind = 'BACKFILL'"))
                .containsExactly("1 1 1");
        assertThat(fixture.query("SELECT tx_id, version FROM ledger_entry ORDER BY 1"))
                .containsExactly("newer 3", "older 2", "only 1", "same 2");
    }

    @Test
    void rowsThatTheTableRefusesBecomeDeadLettersOnce() throws Exception {
        execute("ALTER TABLE ledger_entry ADD CONSTRAINT odd CHECK (tx_id <> 'odd')");
        FreshLoad load = begin();
        Claim end = load(load, input("a"), List.of(entry("x", 1), entry("odd", 2), entry("nul\0", 3), entry("y", 4)));
        load.finish(List.of(end));
        assertThat(fixture.query("SELECT position, reason FROM dead_letter ORDER BY 1"))
                .containsExactly("2 value_out_of_range", "3 value_out_of_range");
        assertThat(fixture.query("SELECT consumed, applied, dead FROM coverage"))
                .containsExactly("4 2 2");
    }

    @Test
    void nothingIsSeenAndNoInputIsCompletedBeforeTheEnd() throws Exception {
        FreshLoad load = begin();
        load(load, input("a"), List.of(entry("x", 1)));
        assertThat(fixture.query("SELECT count(*) FROM ledger_entry")).containsExactly("0");
        assertThat(input("a").completed()).isFalse();
        assertThat(fixture.query("SELECT indexname FROM pg_indexes WHERE tablename = 'ledger_entry' ORDER BY 1"))
                .containsExactly("ledger_entry_by_related_id", "ledger_entry_by_wallet", "ledger_entry_pkey");
    }

    @Test
    void anOptionGrantOrCommentThatSomebodyAddedStays() throws Exception {
        execute(
                "ALTER TABLE ledger_entry SET (autovacuum_vacuum_scale_factor = 0.01)",
                "GRANT SELECT ON ledger_entry TO PUBLIC",
                "COMMENT ON TABLE ledger_entry IS 'it''s theirs'",
                "CREATE INDEX by_amount ON ledger_entry (amount) WHERE amount > 0");
        List<String> schema = Schema.of(fixture);
        FreshLoad load = begin();
        load.finish(List.of(load(load, input("a"), List.of(entry("x", 1)))));
        assertThat(Schema.of(fixture)).isEqualTo(schema);
    }

    @Test
    void aTableWithATriggerRowsOrAStreamIsNotReplaced() throws Exception {
        execute(
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TRIGGER watch AFTER INSERT ON ledger_entry EXECUTE FUNCTION nothing()");
        assertThat(FreshLoad.begin(fixture.connections, GENERATION, 2)).isEmpty();
        execute("DROP TRIGGER watch ON ledger_entry", "CREATE VIEW seen AS SELECT tx_id FROM ledger_entry");
        assertThat(FreshLoad.begin(fixture.connections, GENERATION, 2)).isEmpty();
        execute("DROP VIEW seen");
        Claim stream = fixture.claim("ledger", 0);
        assertThat(FreshLoad.begin(fixture.connections, GENERATION, 2)).isEmpty();
        fixture.apply(stream, entry("x", 1));
        execute("UPDATE coverage SET claimed_by = NULL, consumed = 0, applied = 0");
        assertThat(FreshLoad.begin(fixture.connections, GENERATION, 2)).isEmpty();
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = fixture.connections.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    @Test
    void aLaterGenerationTakesThePlaceOfALoadThatWasLeftUnlessItStillRuns() throws Exception {
        FreshLoad left = begin();
        load(left, input("a"), List.of(entry("x", 1)));
        long later = GENERATION + 1;
        fixture.registry.plan(StoreFixture.generation(later));
        LoadLock running = LoadLock.take(fixture.connections, GENERATION);
        assertThat(FreshLoad.begin(fixture.connections, later, 2)).isEmpty();
        running.close();
        assertThat(FreshLoad.begin(fixture.connections, later, 2)).isPresent();
        assertThat(fixture.registry.find(GENERATION).orElseThrow().state()).isEqualTo(Generation.State.FAILED);
        assertThat(fixture.query("SELECT count(*) FROM bo.ledger_entry_loading"))
                .containsExactly("0");
    }

    @Test
    void twoLoadsOfOneGenerationAreRefused() throws Exception {
        try (LoadLock first = LoadLock.take(fixture.connections, GENERATION)) {
            assertThatThrownBy(() -> LoadLock.take(fixture.connections, GENERATION))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Another backfill of generation " + GENERATION)
                    .hasMessageNotContaining("unknown");
            LoadLock.take(fixture.connections, GENERATION + 1).close();
            assertThat(first).isNotNull();
        }
        LoadLock.take(fixture.connections, GENERATION).close();
    }

    @Test
    void aClaimThatWasLostCompletesNothing() throws Exception {
        FreshLoad load = begin();
        Claim end = load(load, input("a"), List.of(entry("x", 1)));
        input("a");
        assertThatThrownBy(() -> load.finish(List.of(end))).isInstanceOf(FencedException.class);
        assertThat(fixture.query("SELECT count(*) FROM ledger_entry")).containsExactly("0");
    }
}

package txlookup.apply.store.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.batch.StoreFixture.GENERATION;

import com.zaxxer.hikari.HikariDataSource;
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
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.store.batch.BulkTable;
import txlookup.apply.store.batch.ConvergenceIT;
import txlookup.apply.store.batch.RandomHistory;
import txlookup.apply.store.batch.Schema;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.batch.StoreFixture;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.migrations.Migrations;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmptyStoreLoadIT {
    private StoreFixture fixture;

    StoreFixture newFixture() throws SQLException {
        return new StoreFixture();
    }

    @BeforeEach
    void open() throws Exception {
        fixture = newFixture();
    }

    @AfterEach
    void close() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private Lease input(String name) throws SQLException {
        Source source = new Source(Source.Kind.BACKFILL, name, Source.NO_PARTITION);
        fixture.store.register(source, Entity.LEDGER_ENTRY, null, 1, CUTOVER);
        return fixture.store.claim(source, "test").orElseThrow();
    }

    private EmptyStoreLoad begin(Lease... claims) throws SQLException {
        return EmptyStoreLoad.begin(fixture.connections, GENERATION, List.of(claims), 2)
                .orElseThrow();
    }

    private boolean mayBegin() throws SQLException {
        return EmptyStoreLoad.begin(fixture.connections, GENERATION, List.of(), 2)
                .isPresent();
    }

    private static Lease load(BulkLoad load, Lease claim, List<? extends Decoded> decoded) throws Exception {
        Checkpoint to = new Checkpoint(claim.nextPosition() + decoded.size(), null, 10, CUTOVER, true);
        BulkLoad.Turn now = new BulkLoad.Turn() {
            @Override
            public Lease await() {
                return claim;
            }

            @Override
            public Lease await(long millis) {
                return claim;
            }
        };
        // Each position of an input is that of one row.
        List<Decoded> placed = new ArrayList<>();
        for (Decoded one : decoded) {
            placed.add(one instanceof LedgerEntry entry ? entry.at(claim.nextPosition() + placed.size()) : one);
        }
        return load.apply(claim.sourceId(), Entity.LEDGER_ENTRY, placed, StoreFixture::record, to, now)
                .claim();
    }

    @Test
    void lookupsArePlannedForWhatWasLoaded() throws Exception {
        EmptyStoreLoad load = begin();
        load.finish(List.of(load(load, input("extract"), List.of(StoreFixture.entry("a", CUTOVER, 1L, 1)))));
        if (!fixture.isSpread()) {
            assertThat(fixture.query("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = current_schema()"
                            + " AND tablename IN ('ledger_entry', 'payment_order')"))
                    .containsExactly("ledger_entry");
        }
        assertThat(inAllParts("reltuples")).isEqualTo(1);
    }

    @Test
    void rowsAreFrozenSoThatTheFirstReadersWriteNothing() throws Exception {
        EmptyStoreLoad load = begin();
        load.finish(List.of(load(load, input("extract"), List.of(entry("x", 1), entry("x", 2), entry("y", 1)))));
        assertThat(inAllParts("relpages")).isPositive();
        // A server before PostgreSQL 18 does not say how many pages are frozen; those that are can be seen by all.
        boolean isTold = fixture.query("SELECT count(*) FROM pg_attribute"
                        + " WHERE attrelid = 'pg_class'::regclass AND attname = 'relallfrozen'")
                .equals(List.of("1"));
        assertThat(inAllParts(isTold ? "relpages - relallfrozen" : "relpages - relallvisible"))
                .isZero();
    }

    /** What the catalogue says of the entries; of a table on several servers or with partitions, the sum of its parts. */
    private long inAllParts(String what) throws SQLException {
        String sql = fixture.isSpread() ? """
                SELECT sum(result::bigint) FROM run_command_on_shards('ledger_entry',
                    $$SELECT (%s)::bigint FROM pg_class WHERE oid = '%%s'::regclass$$)""" : """
                SELECT sum((%s)::bigint) FROM pg_class WHERE relkind = 'r' AND (oid = 'ledger_entry'::regclass
                    OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ledger_entry'::regclass))""";
        return Long.parseLong(fixture.query(sql.formatted(what)).get(0));
    }

    static IntStream seeds() {
        return IntStream.range(0, 8);
    }

    /** A load of two inputs, left and resumed at random, also while its indexes are made, and a stream after it. */
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
        boolean isSpread = fixture.isSpread();
        Lease[] claims = {input("input-0"), input("input-1")};
        EmptyStoreLoad load = begin(claims);
        for (int i = 0; i < 2; i++) {
            List<Decoded> delivery = deliveries.get(i);
            for (int from = 0; from < delivery.size(); ) {
                int to = Math.min(from + 1 + random.nextInt(60), delivery.size());
                claims[i] = load(load, claims[i], delivery.subList(from, to));
                from = to;
                if (random.nextInt(3) == 0) {
                    claims[i] = input("input-" + i);
                    assertThat(claims[i].completed()).isFalse();
                    load = begin(claims);
                }
            }
        }
        if (seed % 2 == 0) {
            new IndexBuild(fixture.connections, 2).build(List.of(BulkTable.LEDGER_ENTRY));
            load = begin(claims);
        }
        load.finish(List.of(claims));
        assertThat(Schema.of(fixture)).isEqualTo(schema);
        assertThat(fixture.isSpread()).isEqualTo(isSpread);
        assertThat(fixture.query("SELECT count(*) FROM coverage WHERE completed_at IS NULL"))
                .containsExactly("0");
        assertThat(fixture.query("SELECT source_id, applied FROM coverage WHERE applied > 0 ORDER BY 1"))
                .isEqualTo(fixture.query("SELECT source_id, count(*) FROM ledger_entry GROUP BY 1 ORDER BY 1"));
        fixture.apply(fixture.claim("ledger", 0), deliveries.get(2));
        assertThat(fixture.query(ConvergenceIT.ROWS)).as("seed %d", seed).isEqualTo(history.winners());
        assertThat(fixture.query("SELECT sum(consumed) FROM coverage"))
                .containsExactly(Integer.toString(
                        deliveries.stream().mapToInt(List::size).sum()));
    }

    @Test
    void countsWhatWasBeatenAsOneBatchWould() throws Exception {
        EmptyStoreLoad load = begin();
        Lease first = load(load, input("a"), List.of(entry("x", 2), entry("y", 5), entry("x", 1)));
        Lease second = load(load, input("b"), List.of(entry("x", 2), entry("y", 6), entry("z", 1)));
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
    void rowsThatTheTableRefusesBecomeDeadLettersOnce() throws Exception {
        assumeFalse(fixture.isSpread(), "a COPY into several servers does not tell that the row was at fault");
        execute("ALTER TABLE ledger_entry ADD CONSTRAINT odd CHECK (tx_id <> 'odd')");
        EmptyStoreLoad load = begin();
        Lease end = load(load, input("a"), List.of(entry("x", 1), entry("odd", 2), entry("nul\0", 3), entry("y", 4)));
        load.finish(List.of(end));
        assertThat(fixture.query("SELECT position, reason FROM dead_letter ORDER BY 1"))
                .containsExactly("2 value_out_of_range", "3 value_out_of_range");
        assertThat(fixture.query("SELECT consumed, applied, dead FROM coverage"))
                .containsExactly("4 2 2");
    }

    @Test
    void noInputIsCompletedAndNoConsumerMayBeginBeforeTheEnd() throws Exception {
        EmptyStoreLoad load = begin();
        Lease end = load(load, input("a"), List.of(entry("x", 1)));
        assertThatThrownBy(() -> fixture.registry.moveTo(GENERATION, State.CATCHING_UP, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("The load of generation %d is half way".formatted(GENERATION));
        assertThat(fixture.query("SELECT completed_at FROM coverage")).containsExactly("null");
        load.finish(List.of(end));
        assertThat(input("a").completed()).isTrue();
        fixture.registry.moveTo(GENERATION, State.CATCHING_UP, null);
    }

    @Test
    void whatSomebodyChangesBeforeOrWhileItLoadsStays() throws Exception {
        assumeFalse(fixture.isSpread(), "a table on several servers has no triggers, and no key but its own is unique");
        assumeFalse(
                fixture.isPartitioned(), "a table with partitions has no settings, and no key but its own is unique");
        execute(
                "ALTER TABLE ledger_entry SET (autovacuum_vacuum_scale_factor = 0.01)",
                "ALTER TABLE ledger_entry ALTER COLUMN wallet_id SET (n_distinct = 1000)",
                "GRANT SELECT ON ledger_entry TO PUBLIC",
                "COMMENT ON TABLE ledger_entry IS 'it''s theirs'",
                "COMMENT ON CONSTRAINT ledger_entry_pkey ON ledger_entry IS 'it''s theirs as well'",
                "CREATE INDEX by_amount ON ledger_entry (amount) WHERE amount > 0",
                "ALTER TABLE ledger_entry ADD CONSTRAINT once UNIQUE NULLS NOT DISTINCT (source_id, source_position)");
        List<String> schema = Schema.of(fixture);
        EmptyStoreLoad load = begin();
        Lease end = load(load, input("a"), List.of(entry("x", 1)));
        assertThat(fixture.query("SELECT indexname FROM pg_indexes WHERE tablename = 'ledger_entry'"))
                .isEmpty();
        execute(
                "ALTER TABLE ledger_entry ADD COLUMN channel text DEFAULT 'web', ADD CHECK (version > 0)",
                "ALTER TABLE ledger_entry ALTER COLUMN wallet_id SET STATISTICS 1000",
                "CREATE STATISTICS wallets ON wallet_id, entry_type FROM ledger_entry",
                "GRANT SELECT (tx_id) ON ledger_entry TO PUBLIC",
                "ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY",
                "CREATE VIEW seen AS SELECT tx_id FROM ledger_entry",
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TRIGGER watch AFTER INSERT ON ledger_entry EXECUTE FUNCTION nothing()");
        List<String> changed = Schema.of(fixture);
        load.finish(List.of(end));
        assertThat(Schema.of(fixture))
                .containsAll(schema)
                .containsAll(changed)
                .anyMatch(line -> line.contains("NULLS NOT DISTINCT"))
                .anyMatch(line -> line.contains("it's theirs as well"));
        assertThat(fixture.query("SELECT count(*), min(channel) FROM seen JOIN ledger_entry USING (tx_id)"))
                .containsExactly("1 web");
        assertThat(fixture.query("SELECT tgname FROM pg_trigger WHERE tgrelid = 'ledger_entry'::regclass"))
                .containsExactly("watch");
        assertThat(fixture.query("SELECT stxname FROM pg_statistic_ext WHERE stxrelid = 'ledger_entry'::regclass"))
                .containsExactly("wallets");
        assertThat(fixture.query("SELECT relrowsecurity FROM pg_class WHERE oid = 'ledger_entry'::regclass"))
                .containsExactly("t");
        assertThat(
                        fixture.query(
                                "SELECT attstattarget, attacl IS NOT NULL FROM pg_attribute WHERE attrelid = 'ledger_entry'::regclass AND attname IN ('wallet_id', 'tx_id') ORDER BY 1"))
                .containsExactly("1000 f", "null t");
    }

    @Test
    void aTableThatHasRowsOrThatConsumersMayApplyToIsMerged() throws Exception {
        fixture.apply(fixture.claim("ledger", 0), entry("x", 1));
        assertThat(mayBegin()).isFalse();
        execute("TRUNCATE ledger_entry");
        fixture.registry.moveTo(GENERATION, State.CATCHING_UP, null);
        assertThat(mayBegin()).isFalse();
        assertThat(fixture.query("SELECT count(*) FROM load_index")).containsExactly("0");
    }

    /** On several servers, the one that asks them keeps at most a kilobyte of an answer here. */
    @Test
    void whetherThereAreRowsIsAskedWithoutFetchingThem() throws Exception {
        fixture.apply(
                fixture.claim("ledger", 0),
                IntStream.range(0, 1_000).mapToObj(n -> entry("tx-" + n, 1)).toList());
        execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET citus.max_intermediate_result_size = 1',"
                + " current_database()); END $$");
        try (HikariDataSource another = fixture.anotherPool()) {
            assertThat(EmptyStoreLoad.begin(another, GENERATION, List.of(), 2)).isEmpty();
        }
    }

    @Test
    void aTableOfAnotherLoginIsMerged() throws Exception {
        String schemas = "bo, " + Migrations.schema(GENERATION);
        execute(
                "CREATE ROLE load_test_writer LOGIN PASSWORD 'secret'",
                "GRANT USAGE ON SCHEMA %s TO load_test_writer".formatted(schemas),
                "GRANT ALL ON ALL TABLES IN SCHEMA %s TO load_test_writer".formatted(schemas));
        try (HikariDataSource writing = fixture.connectionsAs("load_test_writer", "secret")) {
            assertThat(EmptyStoreLoad.begin(writing, GENERATION, List.of(), 2)).isEmpty();
        } finally {
            execute("DROP OWNED BY load_test_writer", "DROP ROLE load_test_writer");
        }
    }

    @Test
    void aLoadThatWasLeftIsNotResumedOnceItsGenerationFailed() throws Exception {
        load(begin(), input("a"), List.of(entry("x", 1)));
        fixture.registry.moveTo(GENERATION, State.FAILED, "a test");
        assertThatThrownBy(this::mayBegin)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Generation %d is FAILED, and its load was left half way; retire it and rebuild"
                        .formatted(GENERATION));
    }

    @Test
    void loadsOfTwoGenerationsGoOnAtOnce() throws Exception {
        long later = GENERATION + 1;
        try (HikariDataSource another = fixture.connectionsOf(later)) {
            Migrations.ofGeneration(another, later).toHead();
            fixture.registry.plan(StoreFixture.generation(later));
            EmptyStoreLoad first = begin();
            EmptyStoreLoad second =
                    EmptyStoreLoad.begin(another, later, List.of(), 2).orElseThrow();
            Store store = new Store(another);
            Source source = new Source(Source.Kind.BACKFILL, "a", Source.NO_PARTITION);
            store.register(source, Entity.LEDGER_ENTRY, null, 1, CUTOVER);
            Lease ofSecond = load(second, store.claim(source, "test").orElseThrow(), List.of(entry("x", 2)));
            Lease ofFirst = load(first, input("a"), List.of(entry("x", 1), entry("y", 1)));
            second.finish(List.of(ofSecond));
            first.finish(List.of(ofFirst));
        }
        String rows = "SELECT tx_id, version FROM %s.ledger_entry ORDER BY 1";
        assertThat(fixture.query(rows.formatted(Migrations.schema(GENERATION)))).containsExactly("x 1", "y 1");
        assertThat(fixture.query(rows.formatted(Migrations.schema(later)))).containsExactly("x 2");
    }

    @Test
    void rowsThatAreGoneAreNoticedBeforeAnythingIsLoadedOrCompleted() throws Exception {
        EmptyStoreLoad load = begin();
        Lease end = load(load, input("a"), List.of(entry("x", 1), entry("y", 1)));
        execute("DELETE FROM ledger_entry WHERE tx_id = 'x'");
        String lost =
                "Table ledger_entry of generation %d holds fewer rows than its inputs brought, so some are lost; begin a new generation"
                        .formatted(GENERATION);
        assertThatThrownBy(() -> load.finish(List.of(end))).hasMessage(lost);
        assertThat(input("a").completed()).isFalse();
        execute("TRUNCATE ledger_entry");
        assertThatThrownBy(this::mayBegin).hasMessage(lost);
        execute("DELETE FROM load_index");
        assertThatThrownBy(this::mayBegin).hasMessage(lost);
    }

    @Test
    void onlyTheIndexesThatAreMissingAreMadeWhenTheMakingOfAnotherFailed() throws Exception {
        assumeFalse(fixture.isPartitioned(), "those of the whole table are made once each partition has its own");
        execute(
                "CREATE FUNCTION positive(numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS"
                        + " $$ BEGIN IF $1 < 1 THEN RAISE EXCEPTION 'not positive'; END IF; RETURN $1; END $$",
                "CREATE INDEX by_positive ON ledger_entry (positive(amount))");
        EmptyStoreLoad load = begin();
        Lease end = load(load, input("a"), List.of(entry("x", 0)));
        assertThatThrownBy(() -> load.finish(List.of(end))).hasMessageContaining("not positive");
        String indexes = "SELECT indexrelid FROM pg_index WHERE indrelid = 'ledger_entry'::regclass ORDER BY 1";
        List<String> made = fixture.query(indexes);
        assertThat(made).hasSize(3);
        execute("CREATE OR REPLACE FUNCTION positive(numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS"
                + " $$ BEGIN RETURN $1; END $$");
        input("a");
        Lease resumed = input("a");
        EmptyStoreLoad again = begin(resumed);
        again.finish(List.of(load(again, resumed, List.of())));
        assertThat(fixture.query(indexes)).hasSize(4).containsAll(made);
    }

    @Test
    void anInputThatIsAddedAfterTheIndexesWereMadeIsLoadedWithoutThem() throws Exception {
        List<String> schema = Schema.of(fixture);
        EmptyStoreLoad left = begin();
        Lease first = load(left, input("a"), List.of(entry("x", 1), entry("y", 1)));
        new IndexBuild(fixture.connections, 2).build(List.of(BulkTable.LEDGER_ENTRY));
        EmptyStoreLoad load = begin();
        Lease second = load(load, input("b"), List.of(entry("x", 2), entry("z", 1)));
        load.finish(List.of(first, second));
        assertThat(fixture.query("SELECT tx_id, version FROM ledger_entry ORDER BY 1"))
                .containsExactly("x 2", "y 1", "z 1");
        assertThat(fixture.query("SELECT name, applied, stale FROM coverage ORDER BY 1"))
                .containsExactly("a 1 1", "b 2 0");
        assertThat(Schema.of(fixture)).isEqualTo(schema);
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
    void aClaimThatWasLostCompletesNothingAndDropsNoIndex() throws Exception {
        Lease lost = input("a");
        EmptyStoreLoad load = begin(lost);
        Lease held = input("a");
        EmptyStoreLoad holding = begin(held);
        assertThatThrownBy(() -> load(load, lost, List.of(entry("x", 1)))).isInstanceOf(FencedException.class);
        assertThat(fixture.query("SELECT count(*) FROM pg_indexes WHERE tablename = 'ledger_entry'"))
                .containsExactly("3");
        Lease end = load(holding, held, List.of(entry("x", 1)));
        input("a");
        assertThatThrownBy(() -> holding.finish(List.of(end))).isInstanceOf(FencedException.class);
        assertThat(fixture.query("SELECT completed_at FROM coverage")).containsExactly("null");
    }
}

package txlookup.apply.store.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.batch.StoreFixture.entry;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.sql.SqlErrors;

/** What the store refuses for a reason that decoding could not foresee stops no source and is never lost. */
class RefusedBatchIT {
    private static final String COUNTS =
            "SELECT next_position, consumed, applied, stale, duplicate, dead FROM coverage";

    private StoreFixture fixture;

    @BeforeEach
    void open() throws SQLException {
        fixture = new StoreFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static List<Decoded> entries(int count) {
        List<Decoded> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry("tx-" + i, CUTOVER, 1L, i));
        }
        return entries;
    }

    private void onEachEntry(String body) throws SQLException {
        assumeFalse(fixture.isSpread(), "a table on several servers has no triggers");
        fixture.execute("""
                CREATE FUNCTION on_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s RETURN NEW; END $$;
                CREATE TRIGGER on_entry BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION on_entry()""".formatted(body));
    }

    @Test
    void aConstraintThatSomebodyAddedSetsAsideTheRecordsThatItRefusesAndNoOthers() throws SQLException {
        fixture.execute("ALTER TABLE ledger_entry ADD CONSTRAINT odd CHECK (amount NOT IN (7, 31))");
        BatchResult applied = fixture.apply(fixture.claim("ledger", 0), entries(40));
        assertThat(applied).extracting(BatchResult::applied, BatchResult::dead).containsExactly(38, 2);
        assertThat(
                        fixture.query(
                                "SELECT position, reason, convert_from(record_value, 'UTF8') FROM dead_letter ORDER BY position"))
                .containsExactly("7 value_out_of_range record 7", "31 value_out_of_range record 31");
        assertThat(fixture.query("SELECT DISTINCT detail LIKE 'PostgreSQL refused it: %odd%' FROM dead_letter"))
                .containsExactly("t");
        assertThat(fixture.query(COUNTS)).containsExactly("40 40 38 0 0 2");
    }

    /** As Citus tells of it: the code of an error in a COPY is that of any other, and that of a merge is its own. */
    @Test
    void whatACopyDoesNotTellIsFoundOutByMerging() throws SQLException {
        onEachEntry("""
                IF current_query() LIKE 'COPY %' THEN RAISE EXCEPTION 'told by nobody' USING ERRCODE = 'XX000'; END IF;""");
        fixture.execute("ALTER TABLE ledger_entry ADD CONSTRAINT odd CHECK (amount NOT IN (7, 31))");
        BatchResult applied = fixture.apply(fixture.claim("ledger", 0), entries(40));
        assertThat(applied).extracting(BatchResult::applied, BatchResult::dead).containsExactly(38, 2);
        assertThat(fixture.query(COUNTS)).containsExactly("40 40 38 0 0 2");
        assertThat(fixture.query("SELECT position FROM dead_letter ORDER BY position"))
                .containsExactly("7", "31");
    }

    @Test
    void aTriggerThatRaisesSetsAsideTheRecordThatItRefuses() throws SQLException {
        onEachEntry("IF NEW.tx_id = 'tx-3' THEN RAISE EXCEPTION 'not this one'; END IF;");
        BatchResult applied = fixture.apply(fixture.claim("ledger", 0), entries(5));
        assertThat(applied).extracting(BatchResult::applied, BatchResult::dead).containsExactly(4, 1);
    }

    @Test
    void aBatchThatTakesLongerThanAStatementMayPassesInParts() throws SQLException {
        onEachEntry("PERFORM pg_sleep(0.02);");
        List<Decoded> entries = entries(40);
        try (var connections = fixture.connectionsWithin(Duration.ofMillis(400))) {
            BatchResult applied = new Store(connections)
                    .apply(
                            fixture.claim("ledger", 0),
                            new BatchEncoder().encode(entries),
                            StoreFixture::record,
                            Checkpoint.ofStream(entries.size(), 100, CUTOVER));
            assertThat(applied)
                    .extracting(BatchResult::applied, BatchResult::dead)
                    .containsExactly(40, 0);
        }
        assertThat(fixture.query(COUNTS)).containsExactly("40 40 40 0 0 0");
    }

    @Test
    void partsCountWhatTheyBeatWithinTheBatchAndInTheStore() throws SQLException {
        Lease claim = fixture.apply(fixture.claim("ledger", 0), entry("a", CUTOVER, 5L, 5), entry("b", CUTOVER, 1L, 1))
                .claim();
        fixture.execute("ALTER TABLE ledger_entry ADD CONSTRAINT odd CHECK (tx_id <> 'x')");
        BatchResult applied = fixture.apply(
                claim,
                entry("a", CUTOVER, 4L, 4),
                entry("b", CUTOVER, 1L, 1),
                entry("c", CUTOVER, 1L, 1),
                entry("x", CUTOVER, 1L, 6),
                entry("c", CUTOVER, 2L, 2),
                entry("c", CUTOVER, 1L, 1));
        assertThat(applied.stale() + applied.duplicate()).isEqualTo(4);
        assertThat(applied).extracting(BatchResult::consumed, BatchResult::dead).containsExactly(6, 1);
        assertThat(fixture.query("SELECT tx_id, amount FROM ledger_entry ORDER BY tx_id"))
                .containsExactly("a 5", "b 1", "c 2");
    }

    @Test
    void aRowThatTheServerSwallowsIsNoticedBeforeTheCommit() throws SQLException {
        onEachEntry("IF NEW.tx_id = 'tx-3' THEN RETURN NULL; END IF;");
        assertThatThrownBy(() -> fixture.apply(fixture.claim("ledger", 0), entries(5)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of 5 records 4 were applied");
        assertThat(fixture.query("SELECT count(*) FROM ledger_entry")).containsExactly("0");
    }

    @Test
    void aRecordWithAnyTimestampBecomesADeadLetterAndMakesNothingLookFresh() throws SQLException {
        Lease claim = fixture.claim("ledger", 0);
        Batch batch = new BatchEncoder()
                .encode(List.of(
                        new DeadLetter(
                                new SourceRecord(0, Instant.ofEpochMilli(Long.MAX_VALUE), new byte[] {0}),
                                Reason.VALUE_OUT_OF_RANGE,
                                "nul \0 and \ud800"),
                        new DeadLetter(
                                new SourceRecord(1, Instant.ofEpochMilli(Long.MIN_VALUE), new byte[] {1}),
                                Reason.VALUE_OUT_OF_RANGE,
                                "")));
        fixture.store.apply(claim, batch, StoreFixture::record, Checkpoint.ofStream(2, 2, batch.newest()));
        assertThat(fixture.query("SELECT extract(year FROM record_time), detail FROM dead_letter ORDER BY position"))
                .containsExactly("9999 nul ? and ?", "1 ");
        assertThat(fixture.query("SELECT applied_until <= clock_timestamp() FROM coverage"))
                .containsExactly("t");
    }

    @Test
    void aServerThatOnlyReadsForAWhileIsWaitedFor() throws SQLException {
        Lease claim = fixture.claim("ledger", 0);
        fixture.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 8; i++) {
                        fixture.apply(claim, entry("a", CUTOVER, 1L, 1));
                    }
                })
                .isInstanceOfSatisfying(SQLException.class, e -> assertThat(SqlErrors.isTransient(e))
                        .as(e.getSQLState())
                        .isTrue());
    }

    @Test
    void noConnectionCompilesItsPlans() throws SQLException {
        assertThat(fixture.query("SHOW jit")).containsExactly("off");
    }
}

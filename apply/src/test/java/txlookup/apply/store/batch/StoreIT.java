package txlookup.apply.store.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.batch.StoreFixture.entry;
import static txlookup.apply.store.batch.StoreFixture.order;
import static txlookup.apply.store.batch.StoreFixture.record;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.SourceHeaders;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;

/** One batch, one transaction: rows, dead letters, position and counts together or not at all. */
class StoreIT {
    private static final String ROWS = "SELECT tx_id, amount FROM ledger_entry ORDER BY tx_id";
    private static final String COVERAGE =
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

    @Test
    void appliesRowsAndMovesThePositionAndTheCountsTogether() throws SQLException {
        Lease claim = fixture.claim("ledger", 0);
        BatchResult applied = fixture.apply(
                claim,
                entry("b", CUTOVER, 1L, 2),
                entry("a", CUTOVER, 1L, 1),
                order("o", 1),
                entry("a", CUTOVER, 2L, 3),
                entry("b", CUTOVER, 1L, 2));
        assertThat(applied)
                .extracting(BatchResult::applied, BatchResult::stale, BatchResult::duplicate, BatchResult::dead)
                .containsExactly(3, 1, 1, 0);
        assertThat(applied.claim().nextPosition()).isEqualTo(5);
        assertThat(fixture.query(ROWS)).containsExactly("a 3", "b 2");
        assertThat(fixture.query("SELECT order_id, status FROM payment_order")).containsExactly("o PAID");
        assertThat(fixture.query(COVERAGE)).containsExactly("5 5 3 1 1 0");
    }

    @Test
    void countsWhatTheStoreAlreadyHasAsStaleOrDuplicate() throws SQLException {
        BatchResult first =
                fixture.apply(fixture.claim("ledger", 0), entry("a", CUTOVER, 5L, 5), entry("b", CUTOVER, 1L, 1));
        BatchResult second = fixture.apply(
                first.claim(), entry("a", CUTOVER, 4L, 4), entry("b", CUTOVER, 1L, 1), entry("c", CUTOVER, 1L, 9));
        assertThat(second)
                .extracting(BatchResult::applied, BatchResult::stale, BatchResult::duplicate)
                .containsExactly(1, 1, 1);
        assertThat(fixture.query(ROWS)).containsExactly("a 5", "b 1", "c 9");
        assertThat(fixture.query(COVERAGE)).containsExactly("5 5 3 1 1 0");
    }

    @Test
    void keepsDeadLettersWithTheirBytesInTheSameTransaction() throws SQLException {
        SourceRecord bad = new SourceRecord(
                1,
                CUTOVER,
                new byte[] {0, (byte) 0xff},
                new byte[] {(byte) 0xfe, 0},
                new SourceHeaders(List.of(new SourceHeaders.Header("k", null))));
        fixture.apply(
                fixture.claim("ledger", 0),
                entry("a", CUTOVER, 1L, 1),
                new DeadLetter(bad, Reason.PARSE_ERROR, "not JSON: it's \"odd\""));
        assertThat(
                        fixture.query(
                                "SELECT position, reason, detail, state, encode(record_key,'hex'), encode(record_value,'hex'), record_headers->0->>'key' FROM dead_letter"))
                .containsExactly("1 parse_error not JSON: it's \"odd\" OPEN 00ff fe00 aw==");
        assertThat(fixture.query(COVERAGE)).containsExactly("2 2 1 0 0 1");
    }

    @Test
    void fencesAClaimThatWasTakenOver() throws SQLException {
        Lease old = fixture.claim("ledger", 0);
        Lease taken = fixture.claim("ledger", 0);
        assertThatThrownBy(() -> fixture.apply(old, entry("a", CUTOVER, 1L, 1)))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("ledger-0")
                .hasMessageContaining("epoch " + old.epoch());
        assertThat(fixture.query(ROWS)).isEmpty();
        fixture.apply(taken, entry("b", CUTOVER, 1L, 1));
        assertThat(fixture.query(ROWS)).containsExactly("b 1");
    }

    @Test
    void refusesABatchThatDoesNotBeginWhereTheSourceIs() throws SQLException {
        Lease claim = fixture.claim("ledger", 0);
        fixture.apply(claim, entry("a", CUTOVER, 1L, 1));
        assertThatThrownBy(() -> fixture.apply(claim, entry("b", CUTOVER, 1L, 1)))
                .isInstanceOf(FencedException.class);
        assertThat(fixture.query(ROWS)).containsExactly("a 1");
        assertThat(fixture.query(COVERAGE)).containsExactly("1 1 1 0 0 0");
    }

    @Test
    void knowsABatchWhoseCommitWasNeverConfirmed() throws SQLException {
        Lease claim = fixture.claim("ledger", 0);
        Checkpoint to = Checkpoint.ofStream(1, 10, CUTOVER);
        assertThat(fixture.store.committedAnyway(claim, to)).isEmpty();
        fixture.apply(claim, entry("a", CUTOVER, 1L, 1));
        assertThat(fixture.store.committedAnyway(claim, to))
                .hasValueSatisfying(
                        applied -> assertThat(applied.claim().nextPosition()).isEqualTo(1));
        fixture.claim("ledger", 0);
        assertThatThrownBy(() -> fixture.store.committedAnyway(claim, to)).isInstanceOf(FencedException.class);
    }

    @Test
    void setsAsideOnlyTheRecordsThatPostgresRefusesAndGivesTheBeatenOnesTheirTurn() throws SQLException {
        List<Decoded> decoded = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            decoded.add(entry("tx-" + i, CUTOVER, 1L, i));
        }
        decoded.set(123, unstorable("tx-122", 9L, 123));
        decoded.set(400, unstorable("tx-999", 1L, 400));
        BatchResult applied = fixture.apply(fixture.claim("ledger", 0), decoded);
        assertThat(applied.dead()).isEqualTo(2);
        assertThat(applied.applied()).isEqualTo(498);
        assertThat(fixture.query("SELECT amount FROM ledger_entry WHERE tx_id = 'tx-122'"))
                .containsExactly("122");
        assertThat(fixture.query(
                        "SELECT position, reason, convert_from(record_value, 'UTF8') FROM dead_letter ORDER BY 1"))
                .containsExactly("123 value_out_of_range record 123", "400 value_out_of_range record 400");
        assertThat(fixture.query(COVERAGE)).containsExactly("500 500 498 0 0 2");
    }

    private static LedgerEntry unstorable(String txId, long version, long amount) {
        LedgerEntry good = entry(txId, CUTOVER, version, amount);
        return new LedgerEntry(
                txId,
                "wallet",
                "a\0b",
                good.amount(),
                null,
                null,
                null,
                CUTOVER,
                CUTOVER,
                CUTOVER,
                version,
                good.origin());
    }

    @Test
    void doesNothingWhenAnythingFailsHalfWay() throws SQLException {
        Lease claim = fixture.claim("ledger", 0);
        try (Connection connection = fixture.connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE coverage ADD CONSTRAINT never CHECK (consumed = 0)");
            connection.commit();
        }
        assertThatThrownBy(() -> fixture.apply(
                        claim, entry("a", CUTOVER, 1L, 1), new DeadLetter(record(1), Reason.PARSE_ERROR, "x")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("never");
        assertThat(fixture.query(ROWS)).isEmpty();
        assertThat(fixture.query("SELECT * FROM dead_letter")).isEmpty();
        assertThat(fixture.query(COVERAGE)).containsExactly("0 0 0 0 0 0");
    }

    @Test
    void keepsItsStagingTablesWhenTheFirstThingOnAConnectionIsRolledBack() throws SQLException {
        Lease claim = fixture.claim("ledger", 0);
        fixture.connections.getHikariPoolMXBean().softEvictConnections();
        fixture.query("SELECT 1");
        assertThat(fixture.apply(claim, entry("a", CUTOVER, 1L, 1)).applied()).isEqualTo(1);
    }

    @Test
    void movesOverOffsetsThatHoldNoRecords() throws SQLException {
        Lease claim = fixture.claim("ledger", 0);
        BatchResult applied = fixture.store.apply(
                claim, new BatchEncoder().encode(List.of()), StoreFixture::record, Checkpoint.ofStream(3, 0, null));
        assertThat(applied.claim().nextPosition()).isEqualTo(3);
        assertThat(fixture.query(COVERAGE)).containsExactly("3 0 0 0 0 0");
    }
}

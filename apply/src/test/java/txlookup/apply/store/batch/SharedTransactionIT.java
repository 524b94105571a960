package txlookup.apply.store.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.batch.StoreFixture.entry;
import static txlookup.apply.store.batch.StoreFixture.order;
import static txlookup.apply.store.batch.StoreFixture.record;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Decoded;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.SourceProgress.CaughtUp;

/** Batches of several sources in one transaction: each accounted for by itself, all of them there or none. */
class SharedTransactionIT {
    private static final String ROWS = "SELECT tx_id, amount, source_id FROM ledger_entry ORDER BY tx_id";
    private static final String COVERAGE =
            "SELECT next_position, consumed, applied, stale, duplicate, dead FROM coverage ORDER BY source_id";

    private StoreFixture fixture;
    private Lease first;
    private Lease second;
    private Lease third;

    @BeforeEach
    void open() throws SQLException {
        fixture = new StoreFixture();
        first = fixture.claim("ledger", 0);
        second = fixture.claim("ledger", 1);
        third = fixture.claim("orders", 0);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void eachSourceMovesAndIsCountedAndEachRowKeepsItsSource() throws SQLException {
        List<BatchResult> applied = together(
                move(first, entry("c", CUTOVER, 1L, 3), entry("a", CUTOVER, 1L, 1)),
                move(second, entry("b", CUTOVER, 1L, 2), new DeadLetter(record(1), Reason.PARSE_ERROR, "x")),
                move(third, order("o", 1)));

        assertThat(applied).extracting(BatchResult::applied).containsExactly(2, 1, 1);
        assertThat(applied).extracting(one -> one.claim().nextPosition()).containsExactly(2L, 2L, 1L);
        assertThat(fixture.query(ROWS))
                .containsExactly("a 1 " + first.sourceId(), "b 2 " + second.sourceId(), "c 3 " + first.sourceId());
        assertThat(fixture.query(COVERAGE)).containsExactly("2 2 2 0 0 0", "2 2 1 0 0 1", "1 1 1 0 0 0");
        assertThat(fixture.query("SELECT count(DISTINCT xmin::text) FROM coverage"))
                .containsExactly("1");
        assertThat(fixture.query("SELECT source_id, position FROM dead_letter"))
                .containsExactly(second.sourceId() + " 1");
    }

    @Test
    void ofAKeyThatCameTwiceTheNewestStaysAndTheOtherCountsForItsSource() throws SQLException {
        together(
                move(first, entry("a", CUTOVER, 1L, 1), entry("b", CUTOVER, 7L, 7), entry("c", CUTOVER, 1L, 5)),
                move(second, entry("a", CUTOVER, 2L, 2), entry("b", CUTOVER, 6L, 6), entry("c", CUTOVER, 1L, 5)));

        assertThat(fixture.query(ROWS))
                .containsExactly("a 2 " + second.sourceId(), "b 7 " + first.sourceId(), "c 5 " + first.sourceId());
        assertThat(fixture.query(COVERAGE)).containsExactly("3 3 2 1 0 0", "3 3 1 1 1 0", "0 0 0 0 0 0");
    }

    @Test
    void rowsThatWinLoseOrAreThereAlreadyCountForTheirSources() throws SQLException {
        Lease later = fixture.apply(
                        first, entry("a", CUTOVER, 1L, 1), entry("b", CUTOVER, 5L, 5), entry("c", CUTOVER, 1L, 3))
                .claim();

        together(
                move(later, entry("a", CUTOVER, 2L, 2), entry("c", CUTOVER, 1L, 3)),
                move(second, entry("b", CUTOVER, 4L, 4), entry("d", CUTOVER, 1L, 9)));

        assertThat(fixture.query("SELECT tx_id, amount FROM ledger_entry ORDER BY tx_id"))
                .containsExactly("a 2", "b 5", "c 3", "d 9");
        assertThat(fixture.query(COVERAGE)).containsExactly("5 5 4 0 1 0", "2 2 1 1 0 0", "0 0 0 0 0 0");
    }

    @Test
    void aSourceThatWasClaimedElsewhereKeepsAllOfThemOut() throws SQLException {
        fixture.claim("ledger", 1);
        assertThatThrownBy(() ->
                        together(move(first, entry("a", CUTOVER, 1L, 1)), move(second, entry("b", CUTOVER, 1L, 2))))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("ledger-1");
        assertThat(fixture.query(ROWS)).isEmpty();
        assertThat(fixture.query(COVERAGE)).containsOnly("0 0 0 0 0 0");
        assertThat(fixture.store.committedAnyway(first, Checkpoint.ofStream(1, 100, CUTOVER)))
                .isEmpty();
    }

    @Test
    void aLockThatIsNotGivenSoonIsNotWaitedForTogether() throws SQLException {
        try (Connection other = fixture.connections.getConnection()) {
            other.createStatement().execute("SELECT FROM coverage WHERE partition = 1 FOR UPDATE");
            assertThatThrownBy(() ->
                            together(move(first, entry("a", CUTOVER, 1L, 1)), move(second, entry("b", CUTOVER, 1L, 2))))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("lock timeout");
            other.rollback();
        }
        assertThat(fixture.query(ROWS)).isEmpty();
    }

    @Test
    void quietSourcesAreCaughtUpInOneStatementWhichNamesThoseThatAreElsewhere() throws SQLException {
        fixture.claim("ledger", 1);
        Lease moved = fixture.apply(third, order("o", 1)).claim();
        try (Connection other = fixture.connections.getConnection()) {
            // About to be moved by somebody: neither said nor waited for, and not elsewhere either.
            other.createStatement().execute("SELECT FROM coverage WHERE name = 'orders' FOR UPDATE");
            assertThat(fixture.store.caughtUp(List.of(quiet(first), quiet(second), quiet(moved))))
                    .containsExactly(second);
            other.rollback();
        }
        assertThat(fixture.query("SELECT name, partition FROM coverage WHERE caught_up_at IS NOT NULL"))
                .containsExactly("ledger 0");
        assertThat(fixture.store.caughtUp(List.of(quiet(third)))).containsExactly(third);
        assertThat(fixture.store.caughtUp(List.of(quiet(moved)))).isEmpty();
        assertThat(fixture.query("SELECT name, leader_epoch FROM coverage WHERE caught_up_at IS NOT NULL ORDER BY 1"))
                .containsExactly("ledger 7", "orders 7");
    }

    private static CaughtUp quiet(Lease claim) {
        return new CaughtUp(claim, Duration.ofSeconds(1), 7);
    }

    private static Store.Move move(Lease claim, Decoded... decoded) {
        return new Store.Move(
                claim,
                new BatchEncoder(100).encode(List.of(decoded)),
                StoreFixture::record,
                Checkpoint.ofStream(claim.nextPosition() + decoded.length, 100, CUTOVER));
    }

    private List<BatchResult> together(Store.Move... moves) throws SQLException {
        return fixture.store.applyTogether(List.of(moves));
    }
}

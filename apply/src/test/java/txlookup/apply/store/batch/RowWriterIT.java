package txlookup.apply.store.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.batch.StoreFixture.entry;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Snapshot.Origin;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.sql.SqlErrors;
import txlookup.apply.store.sql.Statements;

/** Rows that others enter, lock or have while a batch is written. */
class RowWriterIT {
    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND wait_event_type = 'Lock'";

    private static final String WAITING_FAR = "SELECT count(*) FROM pg_catalog.citus_lock_waits";

    private StoreFixture fixture;
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @BeforeEach
    void open() throws SQLException {
        fixture = new StoreFixture();
    }

    @AfterEach
    void close() {
        other.shutdownNow();
        fixture.close();
    }

    @Test
    void aKeyThatAnotherTransactionEntersMeanwhileIsMergedByTheOrder() throws Exception {
        Lease claim = fixture.claim("ledger", 0);
        Future<BatchResult> waiting;
        try (Connection first = fixture.connections.getConnection()) {
            write(first, claim, List.of(entry("a", CUTOVER, 2L, 2), entry("b", CUTOVER, 7L, 7)));
            waiting = other.submit(() -> fixture.apply(
                    claim, entry("a", CUTOVER, 5L, 5), entry("b", CUTOVER, 3L, 3), entry("c", CUTOVER, 1L, 1)));
            awaitWaiting(1);
            first.commit();
        }
        assertThat(waiting.get())
                .extracting(BatchResult::applied, BatchResult::stale, BatchResult::duplicate)
                .containsExactly(2, 1, 0);
        assertThat(fixture.query("SELECT tx_id, amount FROM ledger_entry ORDER BY tx_id"))
                .containsExactly("a 5", "b 7", "c 1");
    }

    @Test
    void rowsThatAnotherTransactionReplacedMeanwhileAreCountedAsWhatTheyAre() throws Exception {
        Lease claim = fixture.apply(
                        fixture.claim("ledger", 0),
                        entry("a", CUTOVER, 1L, 1),
                        entry("b", CUTOVER, 1L, 1),
                        entry("c", CUTOVER, 1L, 1))
                .claim();
        Future<BatchResult> waiting;
        try (Connection first = fixture.connections.getConnection()) {
            write(first, claim, List.of(entry("a", CUTOVER, 5L, 5), entry("b", CUTOVER, 9L, 9)));
            waiting = other.submit(() -> fixture.apply(
                    claim, entry("c", CUTOVER, 5L, 5), entry("a", CUTOVER, 5L, 5), entry("b", CUTOVER, 5L, 5)));
            awaitWaiting(1);
            first.commit();
        }
        assertThat(waiting.get())
                .extracting(BatchResult::applied, BatchResult::stale, BatchResult::duplicate)
                .containsExactly(1, 1, 1);
        assertThat(fixture.query("SELECT tx_id, amount FROM ledger_entry ORDER BY tx_id"))
                .containsExactly("a 5", "b 9", "c 5");
    }

    /** Two that enter many rows in opposite orders, since their neighbours differ, wait for each other. */
    @Test
    void batchesThatWaitForEachOtherBothArrive() throws Exception {
        List<Decoded> rising = new ArrayList<>();
        List<Decoded> falling = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String key = "tx-%05d".formatted(i);
            rising.add(inWallet(key, "wallet-%05d".formatted(i), 1));
            falling.add(inWallet(key, "wallet-%05d".formatted(9_999 - i), 2));
        }
        Lease one = fixture.claim("ledger", 0);
        Lease two = fixture.claim("ledger", 1);
        Future<BatchResult> first = other.submit(() -> fixture.apply(one, rising));
        BatchResult second = fixture.apply(two, falling);
        assertThat(first.get().applied() + second.applied()).isBetween(5_000, 10_000);
        assertThat(fixture.query("SELECT count(*), min(version), max(version) FROM ledger_entry"))
                .containsExactly("5000 2 2");
    }

    /** Looking for what is refused, it takes locks part by part, and gives each back before the next. */
    @Test
    void theSearchForRefusedRecordsDoesNotWaitCrosswiseWithOneWhoWrites() throws Exception {
        Lease claim = fixture.apply(fixture.claim("ledger", 0), entry("a", CUTOVER, 1L, 1))
                .claim();
        fixture.execute("ALTER TABLE ledger_entry ADD CONSTRAINT odd CHECK (tx_id <> 'b')");
        Future<BatchResult> searching;
        try (Connection writing = fixture.connections.getConnection()) {
            write(writing, claim, List.of(entry("m", CUTOVER, 1L, 1)));
            searching = other.submit(() -> fixture.apply(
                    claim, entry("a", CUTOVER, 5L, 5), entry("b", CUTOVER, 1L, 1), entry("m", CUTOVER, 5L, 5)));
            awaitWaiting(1);
            write(writing, claim, List.of(entry("a", CUTOVER, 4L, 4)));
            writing.commit();
        }
        assertThat(searching.get().dead()).isEqualTo(1);
        assertThat(fixture.query("SELECT tx_id, amount FROM ledger_entry ORDER BY tx_id"))
                .containsExactly("a 5", "m 5");
    }

    @Test
    void aStoredRowThatStaysIsNotTouched() throws Exception {
        BatchResult first =
                fixture.apply(fixture.claim("ledger", 0), entry("a", CUTOVER, 5L, 5), entry("b", CUTOVER, 1L, 1));
        try (Connection holding = fixture.connections.getConnection();
                var statement = holding.createStatement()) {
            statement.execute("SELECT 1 FROM ledger_entry WHERE tx_id = 'a' FOR UPDATE");
            statement.execute("SELECT 1 FROM ledger_entry WHERE tx_id = 'b' FOR UPDATE");
            BatchResult second = other.submit(
                            () -> fixture.apply(first.claim(), entry("a", CUTOVER, 4L, 4), entry("b", CUTOVER, 1L, 1)))
                    .get();
            assertThat(second)
                    .extracting(BatchResult::applied, BatchResult::stale, BatchResult::duplicate)
                    .containsExactly(0, 1, 1);
            holding.rollback();
        }
    }

    /** On several servers, too, where merges of one table would otherwise wait for each other. */
    @Test
    void mergesOfDifferentKeysDoNotWaitForEachOther() throws Exception {
        Lease claim = fixture.apply(fixture.claim("ledger", 0), entry("a", CUTOVER, 1L, 1), entry("b", CUTOVER, 1L, 1))
                .claim();
        try (Connection first = fixture.connections.getConnection()) {
            write(first, claim, List.of(entry("a", CUTOVER, 5L, 5)));
            assertThat(other.submit(() -> fixture.apply(claim, entry("b", CUTOVER, 5L, 5)))
                            .get(10, TimeUnit.SECONDS)
                            .applied())
                    .isEqualTo(1);
            first.commit();
        }
        assertThat(fixture.query("SELECT tx_id, amount FROM ledger_entry ORDER BY tx_id"))
                .containsExactly("a 5", "b 5");
    }

    /** What a transaction sets holds on each server that it uses. */
    @Test
    void aLockIsWaitedForNoLongerThanTheTransactionSays() throws Exception {
        String touch = "UPDATE ledger_entry SET version = 2 WHERE tx_id = 'a'";
        fixture.apply(fixture.claim("ledger", 0), entry("a", CUTOVER, 1L, 1));
        try (Connection holding = fixture.connections.getConnection();
                Connection waiting = fixture.connections.getConnection()) {
            Statements.execute(holding, touch);
            Statements.execute(waiting, "SET LOCAL lock_timeout = '200ms'");
            assertThat(other.submit(() ->
                                    catchThrowableOfType(SQLException.class, () -> Statements.execute(waiting, touch)))
                            .get(10, TimeUnit.SECONDS)
                            .getSQLState())
                    .isEqualTo(SqlErrors.LOCK_NOT_AVAILABLE);
            waiting.rollback();
            holding.rollback();
        }
    }

    private static LedgerEntry inWallet(String key, String wallet, long version) {
        LedgerEntry like = entry(key, CUTOVER, version, version);
        return new LedgerEntry(
                key,
                wallet,
                like.entryType(),
                like.amount(),
                like.amountSigned(),
                like.relatedId(),
                like.relatedType(),
                like.eventTime(),
                like.createdAt(),
                like.updatedAt(),
                version,
                new Origin(version, CUTOVER, version + key.getBytes(UTF_8).length));
    }

    private static void write(Connection connection, Lease claim, List<LedgerEntry> entries) throws SQLException {
        Batch batch = new BatchEncoder().encode(entries);
        RowWriter<LedgerEntry> entryRows = RowWriter.LEDGER_ENTRIES;
        entryRows.write(
                connection,
                batch.ledgerEntries(),
                List.of(claim.sourceId()),
                entryRows.stored(connection, batch.ledgerEntries().keys()),
                RowWriter.Entering.COPIED);
    }

    private void awaitWaiting(int sessions) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        String waiting = fixture.isSpread() ? WAITING_FAR : WAITING;
        while (!fixture.query(waiting).equals(List.of(Integer.toString(sessions)))) {
            assertThat(System.nanoTime()).as("nobody waits").isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}

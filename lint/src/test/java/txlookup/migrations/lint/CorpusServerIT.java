package txlookup.migrations.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.lint.statement.LockMode;

/**
 * PostgreSQL itself decides what is unsafe in the corpus. Each revision runs on a filled store of its own, in one transaction
 * as Flyway runs it, and is unsafe when
 * <ol>
 *   <li>a statement fails on tables that have rows;
 *   <li>while the transaction holds a lock on a table there was that keeps readers (ACCESS EXCLUSIVE) or writers (SHARE and
 *       stronger) waiting, a statement reads every row of such a table or writes one anew: the wait grows with the table
 *       ({@code pg_locks}, {@code pg_stat_xact_all_tables}, {@code relfilenode} before and after each statement);
 *   <li>it changes or deletes more than {@value #NAMED_ROWS} rows, each of which stays locked to its end;
 *   <li>afterwards a reader of the released version no longer sees what it saw, or a writer of it is refused;
 *   <li>a column that it adds does not give back what docs/contract.md lets in.
 * </ol>
 * A lock, however strong, under which only the catalogue changes is over at once and safe: {@code lock_timeout} bounds the
 * wait for it. Statements that must run outside a transaction run beside a writer that has not committed: they are unsafe
 * when readers or other writers then queue up behind them. That readers and writers wait under just those locks is tried out
 * in each run, and the locks that {@code StatementReader} says a statement takes are compared with those it took.
 */
class CorpusServerIT {
    private static final int NAMED_ROWS = 10;
    private static final long DEFINITELY_TOO_SLOW_SECONDS = 30;
    private static StoreInUse store;
    private static Connection session;
    private static ReleasedVersion released;

    @BeforeAll
    static void fill() throws SQLException {
        store = new StoreInUse();
        session = store.database().connect();
        StoreInUse.run(session, "SET search_path = bo, public; SET lock_timeout = '10s'");
        session.setAutoCommit(false);
        released = new ReleasedVersion(store.database());
    }

    @AfterAll
    static void drop() throws SQLException {
        released.close();
        session.close();
        store.close();
    }

    static Stream<CorpusFile> corpus() {
        return CorpusFile.all();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void theServersVerdictIsTheFilesLabel(CorpusFile file) throws Exception {
        Revision revision = file.read();
        List<String> reasons =
                revision.isOneTransaction() ? inOneTransaction(revision) : besideAnOpenWriter(revision, store.copy());

        assertThat(reasons.isEmpty())
                .as("%s%n%s%nunsafe because %s", file, file.sql(), reasons)
                .isEqualTo(!file.label().equals("unsafe"));
    }

    /** What a committed revision leaves to the others is looked at before its end, so that it can be taken back. */
    private static List<String> inOneTransaction(Revision revision) throws SQLException {
        List<String> reasons = new ArrayList<>();
        try {
            Set<String> columns = NewColumns.all(session);
            if (runs(revision, reasons)) {
                reasons.addAll(ReleasedVersion.broken(session, store, NAMED_ROWS));
                reasons.addAll(NewColumns.lossy(session, columns));
            }
        } finally {
            session.rollback();
        }
        return reasons;
    }

    private static boolean runs(Revision revision, List<String> reasons) throws SQLException {
        ExistingRelations existing = new ExistingRelations(session);
        int pid = Integer.parseInt(
                StoreInUse.column(session, "SELECT pg_backend_pid()").get(0));
        Map<String, LockMode> predicted = new HashMap<>();
        ExistingRelations.Done start = existing.done(session);
        ExistingRelations.Done before = start;
        Map<String, LockMode> locks = Map.of();
        boolean understood = true;
        for (Revision.Step step : revision.steps()) {
            try {
                StoreInUse.run(session, step.statement().text(revision.file().sql()));
            } catch (SQLException e) {
                reasons.add("it fails: " + e.getMessage());
                return false;
            }
            locks = existing.locks(session, pid);
            step.existing()
                    .forEach(change ->
                            predicted.merge(change.table(), change.lock(), (a, b) -> a.compareTo(b) > 0 ? a : b));
            understood &= step.changes().stream().noneMatch(change -> change.rule() == LintRule.NOT_UNDERSTOOD);
            assertThat(understood ? strong(predicted) : strong(locks))
                    .as("locks after \"%s\"", step.statement().beginning())
                    .containsAllEntriesOf(strong(locks));
            ExistingRelations.Done after = existing.done(session);
            if (locks.values().stream().anyMatch(LockMode::blocksWriters) && existing.wentThroughAll(before, after)) {
                reasons.add("\"%s\" goes through a whole table under %s"
                        .formatted(step.statement().beginning(), locks));
            }
            before = after;
        }
        assertThat(strong(locks)).as("locks in the end").containsAllEntriesOf(onTablesOf(strong(predicted), existing));
        long written = before.allWritten() - start.allWritten();
        if (written > NAMED_ROWS) {
            reasons.add("%d rows are changed in one transaction".formatted(written));
        }
        LockMode onPayments = locks.getOrDefault("bo.payment", LockMode.NONE);
        assertThat(released.readerIsBlocked()).as("reader under " + onPayments).isEqualTo(onPayments.blocksReaders());
        if (written == 0) {
            assertThat(released.writerIsBlocked())
                    .as("writer under " + onPayments)
                    .isEqualTo(onPayments.blocksWriters());
        }
        return true;
    }

    private static Map<String, LockMode> strong(Map<String, LockMode> locks) {
        Map<String, LockMode> strong = new HashMap<>(locks);
        strong.values().removeIf(mode -> mode.compareTo(LockMode.SHARE_UPDATE_EXCLUSIVE) < 0);
        return strong;
    }

    private static Map<String, LockMode> onTablesOf(Map<String, LockMode> locks, ExistingRelations existing) {
        Map<String, LockMode> onTables = new HashMap<>(locks);
        onTables.keySet().retainAll(existing.names());
        return onTables;
    }

    private static List<String> besideAnOpenWriter(Revision revision, TestDatabase copy) throws Exception {
        List<String> reasons = new ArrayList<>();
        try (Connection own = copy.connect();
                ReleasedVersion others = new ReleasedVersion(copy)) {
            Set<String> columns = NewColumns.all(own);
            if (runsBesideAnOpenWriter(revision, own, copy, others, reasons)) {
                own.setAutoCommit(false);
                reasons.addAll(ReleasedVersion.broken(own, store, NAMED_ROWS));
                reasons.addAll(NewColumns.lossy(own, columns));
                own.rollback();
            }
        } finally {
            SharedPostgres.server().dropDatabase(copy.name());
        }
        return reasons;
    }

    private static boolean runsBesideAnOpenWriter(
            Revision revision, Connection own, TestDatabase copy, ReleasedVersion others, List<String> reasons)
            throws Exception {
        StoreInUse.run(own, "SET search_path = bo, public");
        int pid = Integer.parseInt(
                StoreInUse.column(own, "SELECT pg_backend_pid()").get(0));
        CompletableFuture<Void> ending;
        try (Connection writer = copy.connect();
                Connection observer = copy.connect()) {
            ExistingRelations existing = new ExistingRelations(observer);
            writer.setAutoCommit(false);
            StoreInUse.run(writer, "UPDATE bo.payment SET note = 'mine' WHERE payment_id = 'payment-00001'");
            ending = CompletableFuture.runAsync(() -> {
                try {
                    for (Revision.Step step : revision.steps()) {
                        StoreInUse.run(
                                own, step.statement().text(revision.file().sql()));
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitEndOrWait(ending, observer, pid);
            Map<String, LockMode> locks = existing.locks(observer, pid);
            if (others.readerIsBlocked() || others.writerIsBlocked()) {
                reasons.add("others queue up behind " + locks);
            }
            writer.rollback();
        }
        try {
            ending.get(DEFINITELY_TOO_SLOW_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            reasons.add("it fails: " + e.getCause().getMessage());
            return false;
        }
    }

    private static void awaitEndOrWait(CompletableFuture<Void> ending, Connection observer, int pid) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEFINITELY_TOO_SLOW_SECONDS);
        String waits = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = " + pid;
        while (!ending.isDone()
                && !"t".equals(StoreInUse.column(observer, waits).get(0))) {
            assertThat(System.nanoTime()).as("neither ended nor waiting").isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}

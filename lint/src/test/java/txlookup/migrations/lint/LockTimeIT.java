package txlookup.migrations.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.lint.statement.LockMode;
import txlookup.migrations.lint.statement.SchemaHistory;

/**
 * How long each statement that meets filled tables holds its locks, on a store of a million entries and as many audit rows:
 * this build's revisions, and one of each kind that the lint lets pass. Printed, for the file's evidence
 * (docs/policy.md, Schema changes); under a lock that keeps others waiting, nothing may last as long as reading the
 * table once does.
 */
@Tag("nightly")
class LockTimeIT {
    private static final String FILL_ENTRIES = """
            INSERT INTO ledger_entry (event_time, created_at, updated_at, version, source_time, digest, source_position,
                ingested_at, source_id, tx_id, wallet_id, entry_type, amount, related_id, related_type)
            SELECT at, at, at, n, at, n::bigint * 7919, n, at, 1, 'tx-' || n, 'wallet-' || n % 50000, 'PAYMENT', n + 0.10, 'order-' || n / 2,
                'PAYMENT_ORDER'
            FROM generate_series(1, 1000000) n, LATERAL (SELECT '2026-01-01Z'::timestamptz + n * interval '1 second' AS at) t
            """;
    private static final String FILL_AUDIT = """
            INSERT INTO bo.audit (at, actor, roles, action, resource_type, resource_id, method, path, result, status_code,
                duration_ms, result_count, correlation_id)
            SELECT now(), 'actor-' || n % 50, '{ADMIN_READ}', 'LOOKUP', 'TX', 'tx-' || n, 'GET', '/admin/tx/tx-' || n, 'FOUND',
                200, 3, 1, 'c-' || n
            FROM generate_series(1, 1000000) n
            """;
    private static final List<String> LET_PASS = List.of(
            "ALTER TABLE ledger_entry ADD COLUMN channel text",
            "ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_channel CHECK (channel <> '') NOT VALID",
            "ALTER TABLE ledger_entry VALIDATE CONSTRAINT ledger_entry_channel",
            "ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_version CHECK (version IS NOT NULL) NOT VALID",
            "ALTER TABLE ledger_entry VALIDATE CONSTRAINT ledger_entry_version",
            "ALTER TABLE ledger_entry ALTER COLUMN version SET NOT NULL",
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ledger_entry_by_time ON ledger_entry (event_time)",
            "ALTER TABLE ledger_entry DROP COLUMN channel");

    @Test
    void eachStepSaysHowLongItHeldItsLocks() throws Exception {
        TestDatabase database = SharedPostgres.newDatabase();
        try (Connection session = database.connect()) {
            StoreInUse.run(session, "CREATE SCHEMA bo; CREATE SCHEMA g1; SET search_path = g1");
            SchemaHistory history = SchemaHistory.of(RevisionSet.GENERATION);
            long longest = Math.max(
                    runAll(session, RevisionSet.CONTROL, SchemaHistory.of(RevisionSet.CONTROL)),
                    runAll(session, RevisionSet.GENERATION, history));
            for (int i = 0; i < LET_PASS.size(); i++) {
                MigrationFile file = CorpusFile.file("V%d__let_pass.sql".formatted(900 + i), LET_PASS.get(i));
                longest = Math.max(longest, run(session, file, history));
            }
            assertThat(longest)
                    .as("ns under a lock that keeps others waiting")
                    .isPositive()
                    .isLessThan(nanosToReadTheTable(session));
        } finally {
            SharedPostgres.server().dropDatabase(database.name());
        }
    }

    /** How long a revision that is not released held a lock that keeps others waiting; the tables are filled after V1. */
    private static long runAll(Connection session, RevisionSet set, SchemaHistory history)
            throws IOException, SQLException {
        MigrationFolder ours = MigrationFolder.ofThisBuild(set);
        long longest = 0;
        for (MigrationFile file : ours.revisions()) {
            boolean released = ours.released().sha256(file.name()).isPresent();
            long held = run(session, file, history);
            longest = released ? longest : Math.max(longest, held);
            fill(session, file);
        }
        return longest;
    }

    private static void fill(Connection session, MigrationFile file) throws SQLException {
        if (file.name().equals("V1__create_ledger_entries_and_payment_orders.sql")) {
            StoreInUse.run(session, FILL_ENTRIES);
        } else if (file.name().equals("V3__create_audit.sql")) {
            StoreInUse.run(session, FILL_AUDIT);
        }
    }

    /** A lock is held to the transaction's end, so its time runs from its statement's begin to the commit. */
    private static long run(Connection session, MigrationFile file, SchemaHistory history) throws SQLException {
        Revision revision = Revision.read(file, history);
        session.setAutoCommit(!revision.isOneTransaction());
        long[] begun = new long[revision.steps().size()];
        long[] took = new long[revision.steps().size()];
        for (int i = 0; i < begun.length; i++) {
            begun[i] = System.nanoTime();
            StoreInUse.run(session, revision.steps().get(i).statement().text(file.sql()));
            took[i] = System.nanoTime() - begun[i];
        }
        if (revision.isOneTransaction()) {
            session.commit();
        }
        session.setAutoCommit(true);
        long end = System.nanoTime();
        long longest = 0;
        for (int i = 0; i < begun.length; i++) {
            report(file, revision.steps().get(i), took[i], end - begun[i]);
            boolean waitedFor = revision.steps().get(i).strongest().blocksWriters();
            longest = waitedFor ? Math.max(longest, end - begun[i]) : longest;
        }
        return longest;
    }

    private static long nanosToReadTheTable(Connection session) throws SQLException {
        StoreInUse.run(session, "SET max_parallel_workers_per_gather = 0");
        long begun = System.nanoTime();
        StoreInUse.column(session, "SELECT count(wallet_id) FROM ledger_entry");
        return System.nanoTime() - begun;
    }

    private static void report(MigrationFile file, Revision.Step step, long tookNanos, long heldNanos) {
        LockMode lock = step.strongest();
        if (lock.compareTo(LockMode.SHARE_UPDATE_EXCLUSIVE) < 0) {
            return;
        }
        System.out.printf(
                "%-32s line %3d  %-22s took %,9.1f ms, held %,9.1f ms  %s%n",
                file.name(),
                step.statement().first().line(),
                lock.title(),
                tookNanos / 1e6,
                heldNanos / 1e6,
                step.statement().beginning());
    }
}

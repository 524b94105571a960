package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.DeadLetter;
import txlookup.apply.Decoded;
import txlookup.apply.Entity;
import txlookup.apply.SourceRecord;

/**
 * Loads an empty store: rows by COPY into tables without indexes beside the migrated ones, their indexes afterwards, and
 * then those tables take the migrated ones' place in one transaction, which completes the inputs as well. Killed at any
 * moment the migrated tables are whole, with all their indexes, and the next run goes on with what is there. A stream that
 * begins meanwhile writes to the migrated tables, and what it wrote is merged before they go.
 */
public final class FreshLoad implements BulkLoad {
    private static final Logger log = LoggerFactory.getLogger(FreshLoad.class);

    private static final String STREAM_RUNS =
            "SELECT EXISTS (SELECT FROM coverage WHERE kind <> 'BACKFILL' AND (consumed > 0 OR claimed_by IS NOT NULL))";

    // What a chunk loses in a crash of the server, its checkpoint loses with it; the last transaction waits for the
    // disk.
    static final String BEGIN_CHUNK = "SET LOCAL synchronous_commit = off";

    private static final String NOW = "SELECT now()";

    private static final String FAIL = """
            UPDATE bo.generation SET state = 'FAILED', detail = ?, updated_at = clock_timestamp()
            WHERE generation = ? AND state NOT IN ('FAILED', 'RETIRED', 'DESTROYED')""";

    private static final String REMEMBER =
            "INSERT INTO bo.generation_transition (generation, state, detail) VALUES (?, 'FAILED', ?)";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private static final long WAIT_FOR_TURN_MILLIS = 10_000;

    private static final String MARK = "Being loaded for generation ";

    private final DataSource connections;
    private final int atOnce;
    private final List<LoadingTable> tables;
    private final LoadingTable ledgerEntries = new LoadingTable(BulkTable.LEDGER_ENTRY);
    private final LoadingTable paymentOrders = new LoadingTable(BulkTable.PAYMENT_ORDER);

    private FreshLoad(DataSource connections, int atOnce) {
        this.connections = connections;
        this.atOnce = atOnce;
        this.tables = List.of(ledgerEntries, paymentOrders);
    }

    /**
     * Begins a load, or goes on with the one that a killed run of the same generation left.
     *
     * @param atOnce how many indexes are made at once at most
     * @return empty when the store holds rows already, a stream runs, or something hangs on the tables that could not
     *     follow: then rows have to be merged
     * @throws IllegalStateException when another build of this program left a load half way
     */
    public static Optional<FreshLoad> begin(DataSource connections, long generation, int atOnce) throws SQLException {
        FreshLoad load = new FreshLoad(connections, atOnce);
        try (Connection connection = connections.getConnection()) {
            try {
                boolean begun = load.begin(connection, generation);
                connection.commit();
                return begun ? Optional.of(load) : Optional.empty();
            } catch (SQLException | RuntimeException e) {
                BatchTransaction.rollBack(connection, e);
                throw e;
            }
        }
    }

    private boolean begin(Connection connection, long generation) throws SQLException {
        execute(connection, "LOCK TABLE bo.generation IN SHARE ROW EXCLUSIVE MODE"); // one begins at a time
        String mark = MARK + generation;
        Optional<String> found = ledgerEntries.mark(connection);
        if (found.isPresent() && found.get().equals(mark)) {
            for (LoadingTable table : tables) {
                requireSameColumns(connection, table, generation);
                table.dropIndexes(connection);
            }
            log.info("Going on with the load of generation {} that an earlier run began", generation);
            return true;
        }
        if (found.isPresent()
                && !abandon(connection, Long.parseLong(found.get().substring(MARK.length())), generation)) {
            return false;
        }
        if (isTrue(connection, STREAM_RUNS)) {
            return false;
        }
        for (LoadingTable table : tables) {
            if (!table.mayBeginFor(connection)) {
                return false;
            }
        }
        for (LoadingTable table : tables) {
            table.create(connection, mark);
        }
        return true;
    }

    private static void requireSameColumns(Connection connection, LoadingTable table, long generation)
            throws SQLException {
        if (!table.hasTheSameColumns(connection)) {
            throw new IllegalStateException(
                    "The load of generation %d was left half way, and the schema was migrated since: bo.%s does not fit any more; begin a new generation"
                            .formatted(generation, table.name()));
        }
    }

    /** A later generation takes the place of one whose load was left half way: what it loaded is in no table. */
    private boolean abandon(Connection connection, long abandoned, long by) throws SQLException {
        if (!LoadLock.isFree(connection, abandoned)) {
            return false;
        }
        String detail = "its load was left half way, and generation %d began".formatted(by);
        for (LoadingTable table : tables) {
            table.drop(connection);
        }
        try (PreparedStatement fail = connection.prepareStatement(FAIL);
                PreparedStatement remember = connection.prepareStatement(REMEMBER)) {
            fail.setString(1, detail);
            fail.setLong(2, abandoned);
            if (fail.executeUpdate() == 1) {
                remember.setLong(1, abandoned);
                remember.setString(2, detail);
                remember.executeUpdate();
            }
        }
        log.warn("Generation {} is FAILED: {}", abandoned, detail);
        return true;
    }

    @Override
    public Applied apply(
            int sourceId,
            Entity entity,
            Iterable<? extends Decoded> decoded,
            LongFunction<SourceRecord> records,
            Progress to,
            Turn turn)
            throws SQLException, InterruptedException {
        Into into =
                switch (entity) {
                    case LEDGER_ENTRY -> new Into(ledgerEntries, BulkTable.LEDGER_ENTRY, sourceId);
                    case PAYMENT_ORDER -> new Into(paymentOrders, BulkTable.PAYMENT_ORDER, sourceId);
                };
        try {
            return copy(into, (connection, dead) -> into.copy(connection, decoded, dead), to, turn);
        } catch (SQLException e) {
            if (!Faults.isOfItsSize(e)) {
                throw e;
            }
            return copy(into, (connection, dead) -> into.copyInParts(connection, decoded, records, dead), to, turn);
        }
    }

    /** Where the rows of an input go. */
    private record Into(LoadingTable table, BulkTable<?> bulk, int sourceId) {
        int copy(Connection connection, Iterable<? extends Decoded> decoded, List<DeadLetter> dead)
                throws SQLException {
            return bulk.copy(connection, "bo." + table.name(), decoded, dead, sourceId, now(connection));
        }

        int copyInParts(
                Connection connection,
                Iterable<? extends Decoded> decoded,
                LongFunction<SourceRecord> records,
                List<DeadLetter> dead)
                throws SQLException {
            HalvedWrite halves = new HalvedWrite(
                    connection, records, true, part -> new StagedTable.Merged(copy(connection, part, dead), 0, 0));
            halves.write(decoded);
            for (Decoded one : halves.settled()) {
                if (one instanceof DeadLetter letter) {
                    dead.add(letter);
                }
            }
            return halves.merged().applied();
        }
    }

    private interface Copying {
        int copy(Connection connection, List<DeadLetter> dead) throws SQLException;
    }

    private Applied copy(Into into, Copying copying, Progress to, Turn turn) throws SQLException, InterruptedException {
        List<DeadLetter> dead = new ArrayList<>(0);
        try (Connection connection = connections.getConnection()) {
            try {
                while (true) {
                    execute(connection, BEGIN_CHUNK);
                    dead.clear();
                    int copied = copying.copy(connection, dead);
                    DeadLetterTable.insert(connection, into.sourceId(), dead);
                    Claim from = turn.await(WAIT_FOR_TURN_MILLIS);
                    if (from == null) {
                        // Not with a transaction open, which the server would end.
                        connection.rollback();
                        turn.await();
                        continue;
                    }
                    // The input is not completed before its rows can be seen.
                    Progress soFar =
                            new Progress(to.nextPosition(), to.resumeFrom(), to.bytes(), to.appliedUntil(), false);
                    Applied applied = new Applied(from.movedTo(soFar), copied, 0, 0, dead.size());
                    Coverage.advance(connection, from, soFar);
                    Coverage.count(connection, from, applied, 0);
                    connection.commit();
                    return applied;
                }
            } catch (SQLException | RuntimeException | InterruptedException e) {
                BatchTransaction.rollBack(connection, e);
                throw e;
            }
        }
    }

    @Override
    public void finish(List<Claim> inputs) throws SQLException, InterruptedException {
        new IndexBuild(connections, atOnce).build(tables);
        try (LongStatements session = new LongStatements(connections)) {
            for (LoadingTable table : tables) {
                table.analyze(session.connection());
            }
            session.connection().commit();
        }
        replace(inputs);
    }

    /** Readers wait for this transaction, so it never waits long itself: it gives way and tries again. */
    private void replace(List<Claim> inputs) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (LongStatements session = new LongStatements(connections)) {
                replace(session.connection(), inputs);
                return;
            } catch (SQLException e) {
                if (!Faults.LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            Thread.sleep(BETWEEN_TRIES.toMillis());
        }
    }

    private void replace(Connection connection, List<Claim> inputs) throws SQLException {
        try {
            execute(connection, "SET LOCAL lock_timeout = '500ms'");
            for (LoadingTable table : tables) {
                table.takePlace(connection);
            }
            for (Claim input : inputs) {
                Coverage.complete(connection, input);
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            BatchTransaction.rollBack(connection, e);
            throw e;
        }
    }

    @Override
    public String description() {
        return "copy first, then the indexes";
    }

    static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

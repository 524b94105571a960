package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.batch.BadValueBisection;
import txlookup.apply.store.batch.BulkTable;
import txlookup.apply.store.batch.StagingMerge;
import txlookup.apply.store.deadletter.DeadLetterTable;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.generation.LoadIndexes;
import txlookup.apply.store.pairing.OpenPayments;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.SourcePositions;
import txlookup.apply.store.position.SourceProgress;
import txlookup.apply.store.sql.SqlErrors;
import txlookup.apply.store.sql.Statements;

/**
 * Loads a generation that nobody reads or writes yet: rows by COPY into its empty tables without their indexes, and the
 * indexes afterwards. What the indexes were is remembered beside the tables ({@link LoadIndexes}) until all is done, so a run
 * that was killed at any moment is resumed: only the rows and indexes that are missing are made.
 */
public final class EmptyStoreLoad implements BulkLoad {
    private static final Logger log = LoggerFactory.getLogger(EmptyStoreLoad.class);

    private static final List<BulkTable<?>> TABLES = List.of(BulkTable.LEDGER_ENTRY, BulkTable.PAYMENT_ORDER);

    private static final String IS_OWNER =
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = '%s'::regclass";

    // Not EXISTS, for which a table on several servers sends all of its rows.
    private static final String SOME = "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT 1) AS one";

    private static final String ALL = "SELECT count(*) FROM %s";

    private static final String LOADED =
            "SELECT coalesce(sum(applied), 0) FROM coverage WHERE kind = 'BACKFILL' AND entity = upper('%s')";

    // What a chunk loses in a crash of the server, its checkpoint loses with it; the end of the load waits for the
    // disk.
    static final String BEGIN_CHUNK = "SET LOCAL synchronous_commit = off";

    private static final long WAIT_FOR_TURN_MILLIS = 10_000;

    private static final long VACUUM_MEGABYTES = 64;

    private final DataSource connections;
    private final long generation;
    private final List<Lease> claims;
    private final int atOnce;
    private final Set<BulkTable<?>> withoutIndexes = new HashSet<>();

    private EmptyStoreLoad(DataSource connections, long generation, List<Lease> claims, int atOnce) {
        this.connections = connections;
        this.generation = generation;
        this.claims = List.copyOf(claims);
        this.atOnce = atOnce;
    }

    /**
     * Begins a load, or resumes the one that a killed run of the same generation left.
     *
     * @param claims of the inputs that are to be loaded; a later claim of one ends this load
     * @param atOnce how many indexes are made at once at most
     * @return empty when rows have to be merged: consumers may apply, there are rows already, or the tables are not this
     *     login's
     * @throws IllegalStateException when rows that were loaded are gone, or a load that was left half way has lost its turn
     */
    public static Optional<EmptyStoreLoad> begin(
            DataSource connections, long generation, List<Lease> claims, int atOnce) throws SQLException {
        EmptyStoreLoad load = new EmptyStoreLoad(connections, generation, claims, atOnce);
        return Statements.inOneTransaction(connections, load::begin) ? Optional.of(load) : Optional.empty();
    }

    /** The lock on the generation's row keeps it from becoming one that consumers apply to, and so does what is remembered. */
    private boolean begin(Connection connection) throws SQLException {
        State state = GenerationRegistry.lock(connection, generation);
        for (BulkTable<?> table : TABLES) {
            requireRows(table, number(connection, LOADED, table) == 0 || number(connection, SOME, table) > 0);
        }
        boolean isHalfWay = LoadIndexes.areRemembered(connection, generation);
        if (state.compareTo(State.CATCHING_UP) >= 0) {
            if (isHalfWay) {
                throw new IllegalStateException(
                        "Generation %d is %s, and its load was left half way; retire it and rebuild"
                                .formatted(generation, state));
            }
            return false;
        }
        for (BulkTable<?> table : TABLES) {
            if (!isHalfWay && !mayBegin(connection, table)) {
                return false;
            }
        }
        for (BulkTable<?> table : TABLES) {
            LoadIndexes.remember(connection, table);
        }
        if (isHalfWay) {
            log.info("Resuming the load of generation {} that an earlier run began", generation);
        }
        return true;
    }

    private static long number(Connection connection, String sql, BulkTable<?> table) throws SQLException {
        return Statements.number(connection, sql.formatted(table.name()));
    }

    private void requireRows(BulkTable<?> table, boolean areThere) {
        if (!areThere) {
            throw new IllegalStateException(
                    "Table %s of generation %d holds fewer rows than its inputs brought, so some are lost; begin a new generation"
                            .formatted(table.name(), generation));
        }
    }

    private static boolean mayBegin(Connection connection, BulkTable<?> table) throws SQLException {
        return number(connection, SOME, table) == 0 && Statements.isTrue(connection, IS_OWNER.formatted(table.name()));
    }

    @Override
    public BatchResult apply(
            int sourceId,
            Entity entity,
            Iterable<? extends Decoded> decoded,
            LongFunction<SourceRecord> records,
            Checkpoint to,
            Turn turn)
            throws SQLException, InterruptedException {
        BulkTable<?> table =
                switch (entity) {
                    case LEDGER_ENTRY -> BulkTable.LEDGER_ENTRY;
                    case PAYMENT_ORDER -> BulkTable.PAYMENT_ORDER;
                };
        // A resumed load may have nothing more to read, and the indexes already.
        if (decoded.iterator().hasNext()) {
            dropIndexes(table);
        }
        Into into = new Into(table, sourceId);
        try {
            return copy(into, (connection, dead) -> into.copy(connection, decoded, dead), to, turn);
        } catch (SQLException e) {
            if (!SqlErrors.isOfItsSize(e)) {
                throw e;
            }
            return copy(into, (connection, dead) -> into.copyInParts(connection, decoded, records, dead), to, turn);
        }
    }

    /** In the first chunk's thread, before any chunk of this run writes to the table; a later run's claim forbids it. */
    private void dropIndexes(BulkTable<?> table) throws SQLException {
        synchronized (withoutIndexes) {
            if (withoutIndexes.contains(table)) {
                return;
            }
            Statements.inOneTransaction(connections, connection -> {
                for (Lease claim : claims) {
                    SourcePositions.checkpoint(connection, claim);
                }
                LoadIndexes.drop(connection, table);
                return table;
            });
            withoutIndexes.add(table);
        }
    }

    /** Where the rows of an input go. */
    private record Into(BulkTable<?> table, int sourceId) {
        int copy(Connection connection, Iterable<? extends Decoded> decoded, List<DeadLetter> dead)
                throws SQLException {
            return table.copy(connection, table.name(), decoded, dead, sourceId, Statements.now(connection));
        }

        int copyInParts(
                Connection connection,
                Iterable<? extends Decoded> decoded,
                LongFunction<SourceRecord> records,
                List<DeadLetter> dead)
                throws SQLException {
            BadValueBisection halves = new BadValueBisection(
                    connection, records, true, part -> new StagingMerge.Merged(copy(connection, part, dead), 0, 0));
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

    private BatchResult copy(Into into, Copying copying, Checkpoint to, Turn turn)
            throws SQLException, InterruptedException {
        List<DeadLetter> dead = new ArrayList<>(0);
        try (Connection connection = connections.getConnection()) {
            try {
                while (true) {
                    Statements.execute(connection, BEGIN_CHUNK);
                    dead.clear();
                    int copied = copying.copy(connection, dead);
                    DeadLetterTable.insert(connection, into.sourceId(), dead);
                    Lease from = turn.await(WAIT_FOR_TURN_MILLIS);
                    if (from == null) {
                        // Not with a transaction open, which the server would end.
                        connection.rollback();
                        turn.await();
                        continue;
                    }
                    // The input is not completed before its rows can be seen.
                    Checkpoint soFar =
                            new Checkpoint(to.nextPosition(), to.resumeFrom(), to.bytes(), to.appliedUntil(), false);
                    BatchResult applied = new BatchResult(from.movedTo(soFar), copied, 0, 0, dead.size());
                    SourceProgress.advance(connection, List.of(new SourceProgress.Step(from, soFar)));
                    SourceProgress.count(connection, List.of(applied), List.of(0));
                    connection.commit();
                    return applied;
                }
            } catch (SQLException | RuntimeException | InterruptedException e) {
                Statements.rollBack(connection, e);
                throw e;
            }
        }
    }

    @Override
    public void finish(List<Lease> inputs) throws SQLException, InterruptedException {
        Statements.inOneTransaction(connections, connection -> stay(connection, inputs));
        new IndexBuild(connections, atOnce).build(TABLES);
        Statements.inOneTransaction(connections, EmptyStoreLoad::describeIndexes);
        List<SideBySide.Work> rest = new ArrayList<>();
        rest.add((connection, statement) -> OpenPayments.fill(connection));
        TABLES.forEach(table -> rest.add((connection, statement) -> settle(table, connection, statement)));
        new SideBySide(connections, atOnce, VACUUM_MEGABYTES).run(rest);
        Statements.inOneTransaction(connections, connection -> complete(connection, inputs));
    }

    private void settle(BulkTable<?> table, Connection connection, Statement statement) throws SQLException {
        // Else the first lookups write what they read, and are planned as for an empty table.
        statement.execute("VACUUM (FREEZE, ANALYZE) " + table.name());
        // Another source may have replaced a row, but none takes one away.
        requireRows(table, number(connection, ALL, table) >= number(connection, LOADED, table));
    }

    private static boolean stay(Connection connection, List<Lease> inputs) throws SQLException {
        for (Lease input : inputs) {
            SourcePositions.stay(connection, input);
        }
        return true;
    }

    private static boolean describeIndexes(Connection connection) throws SQLException {
        for (BulkTable<?> table : TABLES) {
            LoadIndexes.describe(connection, table);
        }
        return true;
    }

    private static boolean complete(Connection connection, List<Lease> inputs) throws SQLException {
        for (Lease input : inputs) {
            SourcePositions.complete(connection, input);
        }
        LoadIndexes.forget(connection);
        return true;
    }

    @Override
    public String description() {
        return "copy first, then the indexes";
    }
}

package txlookup.apply.store.batch;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterTable;
import txlookup.apply.store.deadletter.Replayed;
import txlookup.apply.store.deadletter.SettledMeanwhileException;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.PartitionStops;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.position.SourceCounts;
import txlookup.apply.store.position.SourcePositions;
import txlookup.apply.store.position.SourceProgress;
import txlookup.apply.store.position.SourceProgress.CaughtUp;
import txlookup.apply.store.repair.Quarantine;
import txlookup.apply.store.repair.SeenRow;
import txlookup.apply.store.sql.Statements;

/**
 * The one way a change gets in. A batch is one transaction: its newest snapshots are merged, its dead letters kept, its
 * source's position moved and its counts added, or none of it (docs/architecture.md, invariants 1 to 3).
 */
public final class Store {
    private final DataSource connections;
    private final BatchTransaction transaction;

    /** @param connections a pool made by {@link StoreConnections}, which prepares the staging tables */
    public Store(DataSource connections) {
        this(connections, TracerProvider.noop().get("txlookup.apply"));
    }

    /** @param tracer makes a span of each commit, a child of what is current */
    public Store(DataSource connections, Tracer tracer) {
        this.connections = connections;
        this.transaction = new BatchTransaction(connections, tracer);
    }

    /**
     * Makes a source known to its generation; a source that is known already stays as it is.
     *
     * @param entity what a backfill's input holds; null for a partition, where the topic tells
     * @param topicId the topic's id; null where there is none
     * @param startPosition the first position that belongs to the generation
     * @param asOf the anchor's instant, or when the backfill's source was read
     */
    public void register(
            Source source, @Nullable Entity entity, @Nullable String topicId, long startPosition, Instant asOf)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            SourcePositions.register(connection, source, entity, topicId, startPosition, asOf);
            connection.commit();
        }
    }

    /**
     * Makes a partition known that was added to a topic after the anchor, and with it all that were added before it: all of
     * them, from position 0 on, belong to the generation. Changes nothing where the partition is known, the topic is not,
     * or a higher number is known.
     */
    public void registerAdded(Source partition) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            SourcePositions.registerAdded(connection, partition);
            connection.commit();
        }
    }

    /**
     * Takes a source over: the holder before is fenced from now on.
     *
     * @param claimedBy who claims, for people who read the coverage
     * @return empty when the generation does not know the source
     */
    public Optional<Lease> claim(Source source, String claimedBy) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            Optional<Lease> claim = SourcePositions.claim(connection, source, claimedBy);
            connection.commit();
            return claim;
        }
    }

    /**
     * Where a source stands now. Waits for a transaction that is about to move it: the connection of its client may have
     * broken while the server commits.
     *
     * @return the claim as the store has it
     * @throws FencedException when the claim is no longer the newest
     */
    public Lease checkpoint(Lease claim) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            Lease now = SourcePositions.checkpoint(connection, claim);
            connection.rollback();
            return now;
        }
    }

    /**
     * Counts an attempt to get past the claim's position, before it is made, so that a dying process leaves a trace.
     *
     * @return how many were made since the position last moved, this one included
     * @throws FencedException when the claim is no longer the newest
     */
    public int attempt(Lease claim) throws SQLException {
        return attempts(claim, 1);
    }

    /**
     * Takes an attempt back that failed for a known reason, which is no record's fault. Waits for no lock longer than a
     * second: the batch that was attempted may still hold the row.
     */
    public void withdrawAttempt(Lease claim) throws SQLException {
        attempts(claim, -1);
    }

    private int attempts(Lease claim, int more) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            if (more < 0) {
                boundLockWait(connection);
            }
            int attempts = SourcePositions.attempt(connection, claim, more);
            connection.commit();
            return attempts;
        }
    }

    private static void boundLockWait(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '1s'");
        }
    }

    /**
     * Says that sources have nothing beyond their claims' positions: their silence is no lag. Not flushed, since the next
     * one says it again.
     *
     * @return those of the claims that moved on meanwhile, or are no longer the newest
     */
    public List<Lease> caughtUp(List<CaughtUp> quiet) throws SQLException {
        return Statements.inOneTransaction(connections, connection -> SourceProgress.caughtUp(connection, quiet));
    }

    /** Which of this store's partitions are stopped. */
    public PartitionStops stops() {
        return new PartitionStops(connections);
    }

    /** How many records of a source became dead letters from {@code position} on. */
    public int deadSince(Lease claim, long position) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            int dead = DeadLetterTable.countFrom(connection, claim.sourceId(), position);
            connection.rollback();
            return dead;
        }
    }

    /**
     * A batch, and how far it moves its source.
     *
     * @param records gives a record of the batch by its position, for the dead letters found here
     */
    public record Move(Lease claim, Batch batch, LongFunction<SourceRecord> records, Checkpoint to) {}

    /**
     * Applies a batch. Records that the store refuses become dead letters, and the rest is applied.
     *
     * @throws FencedException when the claim is no longer the newest; nothing was changed
     * @throws SQLException anything else; nothing was changed. {@code SqlErrors} tells whether to wait and retry
     */
    public BatchResult apply(Lease claim, Batch batch, LongFunction<SourceRecord> records, Checkpoint to)
            throws SQLException {
        return transaction.apply(task(new Move(claim, batch, records, to)));
    }

    /**
     * Applies batches of several sources in one transaction, all or none.
     *
     * @return what each did, in the order in which they came
     * @throws FencedException when one of the claims is no longer the newest; nothing was changed
     * @throws SQLException anything else: a value that is refused, a lock that is not given soon. Nothing was changed, unless
     *     the answer to the commit was lost ({@link #committedAnyway})
     */
    public List<BatchResult> applyTogether(List<Move> moves) throws SQLException {
        return transaction.applyTogether(moves.stream().map(Store::task).toList());
    }

    private static BatchTransaction.Task task(Move move) {
        Lease claim = move.claim();
        BatchTransaction.Keeping besideRows = (connection, kept) -> {
            DeadLetterTable.insert(connection, claim.sourceId(), kept.deadLetters());
            CanaryTable.keep(connection, claim, kept.markers());
        };
        return new BatchTransaction.Task(claim, move.batch(), move.records(), move.to(), besideRows, true);
    }

    /**
     * Applies records that were dead letters, and settles those. A record's position is its dead letter's number.
     *
     * @param claim of the generation's source of kind {@link Source.Kind#REPLAY}
     * @param run the order, which counts them in the same transaction; a dry run does everything and rolls it back
     * @throws FencedException when another process replays in this generation since; nothing was changed
     * @throws SettledMeanwhileException when some of them were discarded since they were read; nothing was changed
     */
    public Replayed replay(
            Lease claim,
            List<? extends Decoded> decoded,
            LongFunction<SourceRecord> records,
            Checkpoint to,
            DeadLetterRun run)
            throws SQLException {
        ReplayOutcomes settlement = new ReplayOutcomes(run);
        Batch batch = new BatchEncoder().encode(decoded);
        boolean commits = !run.order().dryRun();
        return settlement.outcome(transaction
                .apply(new BatchTransaction.Task(claim, batch, records, to, settlement, commits))
                .claim());
    }

    /**
     * Applies snapshots that a verification fetched from the source, beside the live stream: the newest wins, as ever. A
     * stored row that holds something else at the same order key would stand its ground, so it is quarantined and taken
     * away first, in the same transaction and only while it is still what was read; nobody sees the place empty.
     *
     * @param claim of the generation's source of kind {@link Source.Kind#REPAIR}
     * @param snapshots of one entity, each at a position of its own
     * @param wrong rows to be replaced; each has its snapshot in {@code snapshots}
     * @throws FencedException when another repair claimed the generation's source since; nothing was changed
     */
    public BatchResult repair(
            Lease claim, Entity entity, List<? extends Snapshot> snapshots, List<SeenRow> wrong, Checkpoint to)
            throws SQLException {
        BatchTransaction.Keeping replacing = new BatchTransaction.Keeping() {
            @Override
            public void prepare(Connection connection) throws SQLException {
                Quarantine.replace(connection, claim.source().name(), entity, wrong);
            }

            @Override
            public void keep(Connection connection, Batch batch) {}
        };
        Batch batch = new BatchEncoder().encode(snapshots);
        return transaction.apply(new BatchTransaction.Task(claim, batch, Store::staysInItsSource, to, replacing, true));
    }

    /** A repair's snapshots are in their source still: one that is refused ends the repair instead of being set aside. */
    private static SourceRecord staysInItsSource(long position) {
        throw new IllegalStateException(
                "PostgreSQL refuses snapshot %d of this repair; correct it in its source".formatted(position));
    }

    /** What became of everything that a registered source delivered so far. */
    public SourceCounts counts(Source source) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            SourceCounts counts = SourcePositions.counts(connection, source);
            connection.rollback();
            return counts;
        }
    }

    /**
     * Whether a batch whose commit was never confirmed is there all the same: the connection may break after the server
     * committed. Ask before trying it again.
     *
     * @return the claim moved on, with no counts for they are in the coverage already; empty when the batch is not there
     * @throws FencedException when the source moved on, or away, without this claim
     */
    public Optional<BatchResult> committedAnyway(Lease claim, Checkpoint to) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            long position = SourcePositions.positionUnder(connection, claim);
            connection.rollback();
            if (position == to.nextPosition()) {
                return Optional.of(new BatchResult(claim.movedTo(to), 0, 0, 0, 0));
            }
            if (position != claim.nextPosition()) {
                throw new FencedException(claim);
            }
            return Optional.empty();
        }
    }
}

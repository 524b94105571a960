package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.batch.Batch;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.batch.BatchTransaction;
import txlookup.apply.store.batch.BulkTable;
import txlookup.apply.store.batch.EncodedRows;
import txlookup.apply.store.batch.RowWriter;
import txlookup.apply.store.batch.StagingMerge;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.deadletter.DeadLetterTable;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.SourceProgress;
import txlookup.apply.store.sql.SqlErrors;
import txlookup.apply.store.sql.Statements;

/**
 * Loads a store that is in use, as a stream does ({@link RowWriter}). Readers never wait. Chunks work ahead of the one before
 * them, so locks are held while waiting for it; whenever that meets a lock of somebody else's, the load gives way at once
 * and takes its chunks one by one for a while: it is never the load that makes a stream wait long, or fail with a deadlock.
 */
public final class ConcurrentLoad implements BulkLoad {
    private static final String ANY_BETWEEN = "SELECT 1 FROM %s WHERE %s BETWEEN ? AND ? LIMIT 1";

    // Far below the time after which the server looks for deadlocks, so that it never has to choose the stream.
    private static final String GIVE_WAY_SOON = "SET LOCAL lock_timeout = '200ms'";

    private static final long WAIT_FOR_TURN_MILLIS = 500;

    private static final int ONE_BY_ONE_AFTER_A_CONFLICT = 20;

    private final DataSource connections;
    private final Store store;
    private final AtomicInteger oneByOne = new AtomicInteger();
    // A thread's chunks are of one size: arrays of some megabytes need not be made again and again.
    private final ThreadLocal<BatchEncoder> encoders = ThreadLocal.withInitial(BatchEncoder::new);

    /** @param connections a pool for the migrated store */
    public ConcurrentLoad(DataSource connections) {
        this.connections = connections;
        this.store = new Store(connections);
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
        Batch batch = encoders.get().encode(decoded);
        if (oneByOne.getAndUpdate(left -> Math.max(left - 1, 0)) == 0) {
            Optional<BatchResult> applied = applyAhead(sourceId, batch, to, turn);
            if (applied.isPresent()) {
                return applied.get();
            }
            oneByOne.set(ONE_BY_ONE_AFTER_A_CONFLICT);
        }
        return store.apply(turn.await(), batch, records, to);
    }

    /** Empty when a lock or a value was in the way; nothing was changed then. */
    private Optional<BatchResult> applyAhead(int sourceId, Batch batch, Checkpoint to, Turn turn)
            throws SQLException, InterruptedException {
        try (Connection connection = connections.getConnection()) {
            try {
                Statements.execute(connection, GIVE_WAY_SOON);
                if (!to.completes()) {
                    Statements.execute(connection, EmptyStoreLoad.BEGIN_CHUNK);
                }
                DeadLetterTable.insert(connection, sourceId, batch.deadLetters());
                StagingMerge.Merged merged = write(
                                connection, RowWriter.LEDGER_ENTRIES, batch.ledgerEntries(), sourceId)
                        .plus(write(connection, RowWriter.PAYMENT_ORDERS, batch.paymentOrders(), sourceId));
                Lease from = turn.await(WAIT_FOR_TURN_MILLIS);
                if (from == null) {
                    connection.rollback();
                    return Optional.empty();
                }
                int dead = batch.deadLetters().size();
                BatchResult applied = BatchTransaction.account(from, batch.consumed(), merged, dead, to);
                SourceProgress.advance(connection, List.of(new SourceProgress.Step(from, to)));
                SourceProgress.count(connection, List.of(applied), List.of(0));
                connection.commit();
                return Optional.of(applied);
            } catch (SQLException e) {
                Statements.rollBack(connection, e);
                if (isInTheWay(e)) {
                    return Optional.empty();
                }
                throw e;
            } catch (RuntimeException | InterruptedException e) {
                Statements.rollBack(connection, e);
                throw e;
            }
        }
    }

    private static <T extends Snapshot> StagingMerge.Merged write(
            Connection connection, RowWriter<T> upsert, EncodedRows<T> rows, int sourceId) throws SQLException {
        List<String> keys = rows.keys();
        if (keys.isEmpty()) {
            return StagingMerge.Merged.NOTHING;
        }
        // Extracts mostly come in the order of their keys, so that one look at the index mostly settles it.
        boolean isNew = !isAnyBetween(connection, upsert.bulk(), Collections.min(keys), Collections.max(keys));
        return upsert.write(
                        connection,
                        rows,
                        List.of(sourceId),
                        isNew ? Map.of() : upsert.stored(connection, keys),
                        RowWriter.Entering.COPIED)
                .get(0);
    }

    private static boolean isAnyBetween(Connection connection, BulkTable<?> bulk, String first, String last)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(ANY_BETWEEN.formatted(bulk.name(), bulk.key()))) {
            statement.setString(1, first);
            statement.setString(2, last);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** A lock that somebody holds, a key that somebody entered meanwhile, or a chunk that has to be written in parts. */
    private static boolean isInTheWay(SQLException e) {
        return SqlErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())
                || RowWriter.isOvertaken(e)
                || SqlErrors.isUntold(e)
                || SqlErrors.isOfItsSize(e);
    }

    @Override
    public void finish(List<Lease> inputs) {
        // Each input was completed with its last chunk.
    }

    @Override
    public String description() {
        return "beside rows that are there and a stream that may run";
    }
}

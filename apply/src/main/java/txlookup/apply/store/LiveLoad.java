package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import txlookup.apply.Batch;
import txlookup.apply.Decoded;
import txlookup.apply.Entity;
import txlookup.apply.Snapshot;
import txlookup.apply.SnapshotOrder.Rank;
import txlookup.apply.SourceRecord;

/**
 * Loads a store that is in use, as a stream does ({@link Upsert}). Readers never wait. Chunks work ahead of the one before
 * them, so locks are held while waiting for it; whenever that meets a lock of somebody else's, the load gives way at once
 * and takes its chunks one by one for a while: it is never the load that makes a stream wait long, or fail with a deadlock.
 */
public final class LiveLoad implements BulkLoad {
    private static final String ANY_BETWEEN = "SELECT EXISTS (SELECT FROM bo.%s WHERE %s BETWEEN ? AND ?)";

    // Far below the time after which the server looks for deadlocks, so that it never has to choose the stream.
    private static final String GIVE_WAY_SOON = "SET LOCAL lock_timeout = '200ms'";

    private static final long WAIT_FOR_TURN_MILLIS = 500;

    private static final int ONE_BY_ONE_AFTER_A_CONFLICT = 20;

    private final DataSource connections;
    private final Store store;
    private final AtomicInteger oneByOne = new AtomicInteger();
    // A thread's chunks are of one size: arrays of some megabytes need not be made again and again.
    private final ThreadLocal<BinaryCopy> encoders = ThreadLocal.withInitial(BinaryCopy::new);

    /** @param connections a pool for the migrated store */
    public LiveLoad(DataSource connections) {
        this.connections = connections;
        this.store = new Store(connections);
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
        if (oneByOne.getAndUpdate(left -> Math.max(left - 1, 0)) == 0) {
            Optional<Applied> applied = applyAhead(sourceId, entity, decoded, to, turn);
            if (applied.isPresent()) {
                return applied.get();
            }
            oneByOne.set(ONE_BY_ONE_AFTER_A_CONFLICT);
        }
        return store.apply(turn.await(), list(decoded), records, to);
    }

    private static List<Decoded> list(Iterable<? extends Decoded> decoded) {
        List<Decoded> all = new ArrayList<>();
        decoded.forEach(all::add);
        return all;
    }

    /** Empty when a lock or a value was in the way; nothing was changed then. */
    private Optional<Applied> applyAhead(
            int sourceId, Entity entity, Iterable<? extends Decoded> decoded, Progress to, Turn turn)
            throws SQLException, InterruptedException {
        try (Connection connection = connections.getConnection()) {
            try {
                FreshLoad.execute(connection, GIVE_WAY_SOON);
                if (!to.completes()) {
                    FreshLoad.execute(connection, FreshLoad.BEGIN_CHUNK);
                }
                Loaded loaded =
                        switch (entity) {
                            case LEDGER_ENTRY ->
                                load(connection, Upsert.LEDGER_ENTRIES, Batch::ledgerEntries, decoded, sourceId);
                            case PAYMENT_ORDER ->
                                load(connection, Upsert.PAYMENT_ORDERS, Batch::paymentOrders, decoded, sourceId);
                        };
                Claim from = turn.await(WAIT_FOR_TURN_MILLIS);
                if (from == null) {
                    connection.rollback();
                    return Optional.empty();
                }
                Applied applied = new Applied(
                        from.movedTo(to), loaded.applied(), loaded.stale(), loaded.duplicate(), loaded.dead());
                Coverage.move(connection, applied, from, to);
                connection.commit();
                return Optional.of(applied);
            } catch (SQLException e) {
                BatchTransaction.rollBack(connection, e);
                if (isInTheWay(e)) {
                    return Optional.empty();
                }
                throw e;
            } catch (RuntimeException | InterruptedException e) {
                BatchTransaction.rollBack(connection, e);
                throw e;
            }
        }
    }

    private record Loaded(int applied, int stale, int duplicate, int dead) {}

    private <T extends Snapshot> Loaded load(
            Connection connection,
            Upsert<T> upsert,
            Function<Batch, List<T>> newest,
            Iterable<? extends Decoded> decoded,
            int sourceId)
            throws SQLException {
        Instant now = FreshLoad.now(connection);
        EncodedRows<T> rows = EncodedRows.of(upsert.bulk(), encoders.get(), decoded, sourceId, now);
        DeadLetterTable.insert(connection, sourceId, rows.deadLetters());
        int dead = rows.deadLetters().size();
        // Extracts mostly come in the order of their keys, and then each is there once and nothing has to be compared.
        if (rows.isInOrder()) {
            return load(connection, upsert, rows, decoded, sourceId, new Loaded(0, 0, 0, dead));
        }
        Batch batch = Batch.fold(list(decoded));
        List<T> folded = newest.apply(batch).stream().sorted(Snapshot.BY_KEY).toList();
        return load(
                connection,
                upsert,
                EncodedRows.of(upsert.bulk(), encoders.get(), folded, sourceId, now),
                folded,
                sourceId,
                new Loaded(0, batch.stale(), batch.duplicate(), dead));
    }

    private static <T extends Snapshot> Loaded load(
            Connection connection,
            Upsert<T> upsert,
            EncodedRows<T> rows,
            Iterable<? extends Decoded> decoded,
            int sourceId,
            Loaded before)
            throws SQLException {
        Map<String, Rank> stored = stored(connection, upsert, rows.keys());
        rows.copy(connection, stored.keySet());
        StagedTable.Merged merged = upsert.mergeStored(connection, sourceId, decoded, stored);
        return new Loaded(
                merged.applied() + rows.keys().size() - stored.size(),
                before.stale() + stored.size() - merged.applied() - merged.duplicate(),
                before.duplicate() + merged.duplicate(),
                before.dead());
    }

    /** Keys are in order, so that one look at the index mostly settles it. */
    private static Map<String, Rank> stored(Connection connection, Upsert<?> upsert, List<String> keys)
            throws SQLException {
        return keys.isEmpty() || !isAnyBetween(connection, upsert.bulk(), keys.get(0), keys.get(keys.size() - 1))
                ? Map.of()
                : upsert.stored(connection, keys);
    }

    private static boolean isAnyBetween(Connection connection, BulkTable<?> bulk, String first, String last)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(ANY_BETWEEN.formatted(bulk.name(), bulk.key()))) {
            statement.setString(1, first);
            statement.setString(2, last);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** A lock that somebody holds, a key that somebody entered meanwhile, or a value to be found the slow way. */
    private static boolean isInTheWay(SQLException e) {
        return "55P03".equals(e.getSQLState()) || Upsert.isOvertaken(e) || Faults.isData(e);
    }

    @Override
    public void finish(List<Claim> inputs) {
        // Each input was completed with its last chunk.
    }

    @Override
    public String description() {
        return "beside rows that are there and a stream that may run";
    }
}

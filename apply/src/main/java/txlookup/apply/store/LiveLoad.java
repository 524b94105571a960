package txlookup.apply.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import txlookup.apply.Batch;
import txlookup.apply.DeadLetter;
import txlookup.apply.Decoded;
import txlookup.apply.Entity;
import txlookup.apply.LedgerEntry;
import txlookup.apply.PaymentOrder;
import txlookup.apply.Snapshot;
import txlookup.apply.SourceRecord;

/**
 * Loads a store that is in use: what the store has is merged, what it does not have is copied straight into the table,
 * which costs half. Readers never wait. Chunks work ahead of the one before them, so locks are held while waiting for it;
 * whenever that meets a lock of somebody else's, the load gives way at once and takes its chunks one by one for a while:
 * it is never the load that makes a stream wait long, or fail with a deadlock.
 */
public final class LiveLoad implements BulkLoad {
    private static final String EXISTING = "SELECT %s FROM bo.%s WHERE %1$s = ANY (?)";

    private static final String ANY_BETWEEN = "SELECT EXISTS (SELECT FROM bo.%s WHERE %s BETWEEN ? AND ?)";

    // Far below the time after which the server looks for deadlocks, so that it never has to choose the stream.
    private static final String GIVE_WAY_SOON = "SET LOCAL lock_timeout = '200ms'";

    private static final long WAIT_FOR_TURN_MILLIS = 500;

    private static final int ONE_BY_ONE_AFTER_A_CONFLICT = 20;

    private static final Comparator<Snapshot> BY_KEY = Comparator.comparing(Snapshot::key);

    private static final Comparator<Snapshot> BY_WALLET =
            Comparator.comparing(snapshot -> ((LedgerEntry) snapshot).walletId());

    private final DataSource connections;
    private final Store store;
    private final AtomicInteger oneByOne = new AtomicInteger();

    /** @param connections a pool for the migrated store */
    public LiveLoad(DataSource connections) {
        this.connections = connections;
        this.store = new Store(connections);
    }

    @Override
    public Applied apply(
            int sourceId,
            Entity entity,
            Iterable<? extends Decoded> decoding,
            LongFunction<SourceRecord> records,
            Progress to,
            Turn turn)
            throws SQLException, InterruptedException {
        List<Decoded> decoded = new ArrayList<>();
        decoding.forEach(decoded::add);
        if (oneByOne.getAndUpdate(left -> Math.max(left - 1, 0)) == 0) {
            Optional<Applied> applied = applyAhead(sourceId, decoded, to, turn);
            if (applied.isPresent()) {
                return applied.get();
            }
            oneByOne.set(ONE_BY_ONE_AFTER_A_CONFLICT);
        }
        return store.apply(turn.await(), decoded, records, to);
    }

    /** Empty when a lock or a value was in the way; nothing was changed then. */
    private Optional<Applied> applyAhead(int sourceId, List<Decoded> decoded, Progress to, Turn turn)
            throws SQLException, InterruptedException {
        Batch batch = fold(decoded);
        try (Connection connection = connections.getConnection()) {
            try {
                FreshLoad.execute(connection, GIVE_WAY_SOON);
                Instant now = FreshLoad.now(connection);
                StagedTable.Merged entries = load(
                        connection,
                        LedgerEntryTable.TABLE,
                        BulkTable.LEDGER_ENTRY,
                        batch.ledgerEntries(),
                        sourceId,
                        now);
                StagedTable.Merged orders = load(
                        connection,
                        PaymentOrderTable.TABLE,
                        BulkTable.PAYMENT_ORDER,
                        batch.paymentOrders(),
                        sourceId,
                        now);
                DeadLetterTable.insert(connection, sourceId, batch.deadLetters());
                Claim from = turn.await(WAIT_FOR_TURN_MILLIS);
                if (from == null) {
                    connection.rollback();
                    return Optional.empty();
                }
                Applied applied = Store.account(from, batch, entries, orders, to);
                Coverage.move(connection, applied, from, to);
                connection.commit();
                return Optional.of(applied);
            } catch (SQLException e) {
                Store.rollBack(connection, e);
                if (isInTheWay(e)) {
                    return Optional.empty();
                }
                throw e;
            } catch (RuntimeException | InterruptedException e) {
                Store.rollBack(connection, e);
                throw e;
            }
        }
    }

    /** Extracts mostly come in the order of their keys, and then each is there once and nothing has to be compared. */
    private static Batch fold(List<Decoded> decoded) {
        List<LedgerEntry> entries = new ArrayList<>(decoded.size());
        List<PaymentOrder> orders = new ArrayList<>();
        List<DeadLetter> dead = new ArrayList<>();
        String last = "";
        for (Decoded one : decoded) {
            if (one instanceof Snapshot snapshot) {
                if (snapshot.key().compareTo(last) <= 0) {
                    return Batch.fold(decoded);
                }
                last = snapshot.key();
            }
            if (one instanceof LedgerEntry entry) {
                entries.add(entry);
            } else if (one instanceof PaymentOrder order) {
                orders.add(order);
            } else if (one instanceof DeadLetter letter) {
                dead.add(letter);
            }
        }
        return new Batch(entries, orders, dead, 0, 0);
    }

    private static <T extends Snapshot> StagedTable.Merged load(
            Connection connection,
            StagedTable<T> staged,
            BulkTable<T> bulk,
            List<T> snapshots,
            int sourceId,
            Instant now)
            throws SQLException {
        if (snapshots.isEmpty()) {
            return new StagedTable.Merged(0, 0);
        }
        Set<String> existing = existing(connection, bulk, snapshots);
        List<T> known = new ArrayList<>(existing.size());
        List<T> unknown = new ArrayList<>(snapshots.size());
        for (T snapshot : snapshots) {
            (existing.contains(snapshot.key()) ? known : unknown).add(snapshot);
        }
        StagedTable.Merged merged = staged.merge(connection, sourceId, known);
        // Neighbours in the wallets' index, the dearest one, are entered one after the other.
        unknown.sort(bulk.type() == LedgerEntry.class ? BY_WALLET : BY_KEY);
        bulk.copy(connection, unknown, sourceId, now);
        return new StagedTable.Merged(merged.applied() + unknown.size(), merged.duplicate());
    }

    private static <T extends Snapshot> Set<String> existing(
            Connection connection, BulkTable<T> bulk, List<T> snapshots) throws SQLException {
        Set<String> existing = new HashSet<>();
        // Snapshots lie in the order of their keys, so that one look at the index mostly settles it.
        if (!isAnyBetween(connection, bulk, snapshots.get(0), snapshots.get(snapshots.size() - 1))) {
            return existing;
        }
        Array keys = connection.createArrayOf(
                "text", snapshots.stream().map(Snapshot::key).toArray());
        try (PreparedStatement statement = connection.prepareStatement(EXISTING.formatted(bulk.key(), bulk.name()))) {
            statement.setArray(1, keys);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    existing.add(row.getString(1));
                }
            }
        }
        keys.free();
        return existing;
    }

    private static boolean isAnyBetween(Connection connection, BulkTable<?> bulk, Snapshot first, Snapshot last)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(ANY_BETWEEN.formatted(bulk.name(), bulk.key()))) {
            statement.setString(1, first.key());
            statement.setString(2, last.key());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** A lock that somebody holds, a key that somebody entered meanwhile, or a value to be found the slow way. */
    private static boolean isInTheWay(SQLException e) {
        return "55P03".equals(e.getSQLState())
                || "40P01".equals(e.getSQLState())
                || "23505".equals(e.getSQLState())
                || Faults.isData(e);
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

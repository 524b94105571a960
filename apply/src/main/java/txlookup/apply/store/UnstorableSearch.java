package txlookup.apply.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import txlookup.apply.DeadLetter;
import txlookup.apply.DeadLetter.Reason;
import txlookup.apply.Decoded;
import txlookup.apply.Snapshot;
import txlookup.apply.SourceRecord;

/**
 * Finds the snapshots of a batch that PostgreSQL refuses, by trying halves under savepoints: k bad ones among n cost
 * about k log n tries instead of n. The transaction is the caller's, who rolls it back: a search stores nothing.
 */
final class UnstorableSearch {
    private final Connection connection;
    private final int sourceId;
    private final BatchEncoder encoder = new BatchEncoder();
    private final IdentityHashMap<Snapshot, String> found = new IdentityHashMap<>();

    UnstorableSearch(Connection connection, int sourceId) {
        this.connection = connection;
        this.sourceId = sourceId;
    }

    /**
     * Makes what PostgreSQL refuses dead letters, and leaves the rest as it is. A snapshot beaten in a fold only by an
     * unstorable one must get its turn, so the caller folds again.
     */
    static List<Decoded> setAside(
            DataSource connections, int sourceId, List<? extends Decoded> decoded, LongFunction<SourceRecord> records)
            throws SQLException {
        return setAside(connections, sourceId, decoded, decoded, records);
    }

    /** @param suspects the only ones to look among */
    static List<Decoded> setAside(
            DataSource connections,
            int sourceId,
            List<? extends Decoded> decoded,
            List<? extends Decoded> suspects,
            LongFunction<SourceRecord> records)
            throws SQLException {
        List<Decoded> storable = new ArrayList<>(decoded.size());
        try (Connection connection = connections.getConnection()) {
            var unstorable = new UnstorableSearch(connection, sourceId).search(suspects);
            connection.rollback();
            for (Decoded one : decoded) {
                if (one instanceof Snapshot snapshot && unstorable.containsKey(snapshot)) {
                    storable.add(new DeadLetter(
                            records.apply(snapshot.origin().position()),
                            Reason.VALUE_OUT_OF_RANGE,
                            "PostgreSQL refused it: " + unstorable.get(snapshot)));
                } else {
                    storable.add(one);
                }
            }
        }
        return storable;
    }

    /** Returns each unstorable snapshot, by identity, with what PostgreSQL said. */
    IdentityHashMap<Snapshot, String> search(List<? extends Decoded> decoded) throws SQLException {
        List<Snapshot> snapshots = new ArrayList<>(decoded.size());
        for (Decoded one : decoded) {
            if (one instanceof Snapshot snapshot) {
                snapshots.add(snapshot);
            }
        }
        searchIn(snapshots);
        return found;
    }

    private void searchIn(List<Snapshot> snapshots) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            store(encoder.encode(snapshots), before);
        } catch (SQLException e) {
            if (!Faults.isData(e)) {
                throw e;
            }
            if (snapshots.size() == 1) {
                found.put(snapshots.get(0), e.getMessage().lines().findFirst().orElse(e.getSQLState()));
            } else {
                int middle = snapshots.size() / 2;
                searchIn(snapshots.subList(0, middle));
                searchIn(snapshots.subList(middle, snapshots.size()));
            }
        }
        connection.releaseSavepoint(before);
    }

    /** As a batch is written: one who locks rows before he enters others would wait crosswise with those who write. */
    private void store(Batch batch, Savepoint before) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                Upsert.LEDGER_ENTRIES.write(connection, batch.ledgerEntries(), sourceId);
                Upsert.PAYMENT_ORDERS.write(connection, batch.paymentOrders(), sourceId);
                // Back even after success: what one half stores must not be there when the other is tried.
                connection.rollback(before);
                return;
            } catch (SQLException e) {
                boolean overtaken = tries < BatchTransaction.MOST_TRIES && Upsert.isOvertaken(e);
                // After anything else the connection may be gone, and its end must not be hidden behind another
                // failure.
                if (overtaken || Faults.isData(e)) {
                    connection.rollback(before);
                }
                if (!overtaken) {
                    throw e;
                }
            }
        }
    }
}

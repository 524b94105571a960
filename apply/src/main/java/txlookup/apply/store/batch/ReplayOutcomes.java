package txlookup.apply.store.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Marker;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SnapshotOrder.Rank;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.apply.store.deadletter.DeadLetterTable;
import txlookup.apply.store.deadletter.Replayed;
import txlookup.apply.store.deadletter.Settled;
import txlookup.apply.store.deadletter.SettledMeanwhileException;
import txlookup.apply.store.position.Lease;

/**
 * Settles the dead letters of a replayed batch and counts them for their run, in the transaction that applied it, by what
 * the store holds then.
 */
public final class ReplayOutcomes implements BatchTransaction.Keeping {
    // A snapshot whose content is in the store is resolved, whether this batch brought it or another record had.
    private static final String SETTLE = """
            UPDATE dead_letter SET
                state = CASE WHEN replayed.holds THEN 'RESOLVED' ELSE 'SUPERSEDED' END,
                attempts = attempts + 1, settled_at = clock_timestamp(), settled_by = ?, run_id = ?
            FROM unnest(?::bigint[], ?::boolean[]) AS replayed (id, holds)
            WHERE dead_letter_id = replayed.id
            RETURNING state = 'RESOLVED'""";

    private static final String REOPEN = """
            UPDATE dead_letter SET state = 'OPEN', attempts = attempts + 1, reason = ?, detail = ?, run_id = ?
            WHERE dead_letter_id = ?""";

    // One that an earlier build set aside, for it did not know markers. It holds nothing that could be applied.
    private static final String DISCARD = """
            UPDATE dead_letter SET
                state = 'DISCARDED', attempts = attempts + 1, settled_at = clock_timestamp(), settled_by = ?,
                note = 'a marker event, which is no data', run_id = ?
            WHERE dead_letter_id = ?""";

    // Who discards one of them at the same time waits, or was first.
    private static final String LOCK = """
            SELECT dead_letter_id FROM dead_letter WHERE dead_letter_id = ANY (?) AND state IN ('OPEN', 'REPLAYING')
            ORDER BY dead_letter_id FOR UPDATE""";

    private final DeadLetterRun run;
    private int resolved;
    private int superseded;
    private int refused;
    private int discarded;
    private long doneTo;

    public ReplayOutcomes(DeadLetterRun run) {
        this.run = run;
    }

    @Override
    public void keep(Connection connection, Batch batch) throws SQLException {
        resolved = superseded = refused = discarded = 0; // a batch that was overtaken is kept once more
        lock(connection, batch);
        List<Snapshot> entries = new ArrayList<>();
        List<Snapshot> orders = new ArrayList<>();
        try (PreparedStatement reopen = connection.prepareStatement(REOPEN);
                PreparedStatement discard = connection.prepareStatement(DISCARD)) {
            for (Decoded one : batch.decoded()) {
                if (one instanceof LedgerEntry entry) {
                    entries.add(entry);
                } else if (one instanceof PaymentOrder order) {
                    orders.add(order);
                } else if (one instanceof DeadLetter deadLetter) {
                    reopen.setString(1, deadLetter.reason().wireName());
                    reopen.setString(2, deadLetter.detail());
                    reopen.setLong(3, run.id());
                    reopen.setLong(4, deadLetter.record().position());
                    reopen.addBatch();
                    refused++;
                } else if (one instanceof Marker marker) {
                    discard.setString(1, run.order().actor());
                    discard.setLong(2, run.id());
                    discard.setLong(3, marker.record().position());
                    discard.addBatch();
                    discarded++;
                }
            }
            DeadLetterTable.execute(reopen);
            DeadLetterTable.execute(discard);
        }
        settle(connection, RowWriter.LEDGER_ENTRIES, entries);
        settle(connection, RowWriter.PAYMENT_ORDERS, orders);
        if (!run.order().dryRun()) {
            DeadLetterRuns.count(connection, run, settled());
        }
    }

    private void lock(Connection connection, Batch batch) throws SQLException {
        List<Long> ids = new ArrayList<>();
        batch.decoded().forEach(one -> ids.add(numberOf(one)));
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            int locked = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    locked++;
                    doneTo = Math.max(doneTo, row.getLong(1));
                }
            }
            if (locked < ids.size()) {
                throw new SettledMeanwhileException();
            }
        }
    }

    private static long numberOf(Decoded one) {
        if (one instanceof Snapshot snapshot) {
            return snapshot.origin().position();
        }
        return one instanceof DeadLetter letter
                ? letter.record().position()
                : ((Marker) one).record().position();
    }

    private void settle(Connection connection, RowWriter<?> table, List<Snapshot> snapshots) throws SQLException {
        if (snapshots.isEmpty()) {
            return;
        }
        Map<String, Rank> stored = table.stored(
                connection, snapshots.stream().map(Snapshot::key).distinct().toList());
        List<Snapshot> replayed = snapshots.stream()
                .filter(snapshot -> stored.containsKey(snapshot.key()))
                .toList();
        try (PreparedStatement statement = connection.prepareStatement(SETTLE)) {
            statement.setString(1, run.order().actor());
            statement.setLong(2, run.id());
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint",
                            replayed.stream()
                                    .map(snapshot -> snapshot.origin().position())
                                    .toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "boolean",
                            replayed.stream()
                                    .map(snapshot -> stored.get(snapshot.key()).digest()
                                            == snapshot.origin().digest())
                                    .toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (row.getBoolean(1)) {
                        resolved++;
                    } else {
                        superseded++;
                    }
                }
            }
        }
    }

    public Replayed outcome(Lease claim) {
        return new Replayed(claim, settled());
    }

    private Settled settled() {
        return new Settled(resolved, superseded, refused, discarded, doneTo);
    }
}

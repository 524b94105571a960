package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import txlookup.apply.DeadLetter;
import txlookup.apply.Decoded;
import txlookup.apply.LedgerEntry;
import txlookup.apply.Marker;
import txlookup.apply.PaymentOrder;
import txlookup.apply.Snapshot;

/** Settles the dead letters of a replayed batch, in the transaction that applied it, by what the store holds then. */
final class Settlement implements BatchTransaction.Keeping {
    // A snapshot whose content is in the store is resolved, whether this batch brought it or another record had.
    private static final String SETTLE = """
            UPDATE bo.dead_letter SET
                state = CASE WHEN stored.digest = replayed.digest THEN 'RESOLVED' ELSE 'SUPERSEDED' END,
                attempts = attempts + 1, settled_at = clock_timestamp(), settled_by = ?
            FROM unnest(?::bigint[], ?::text[], ?::bigint[]) AS replayed (id, key, digest)
            JOIN %s AS stored ON stored.%s = replayed.key
            WHERE dead_letter_id = replayed.id
            RETURNING state = 'RESOLVED'""";

    private static final String SETTLE_LEDGER_ENTRIES = SETTLE.formatted("bo.ledger_entry", "tx_id");

    private static final String SETTLE_PAYMENT_ORDERS = SETTLE.formatted("bo.payment_order", "order_id");

    private static final String REOPEN = """
            UPDATE bo.dead_letter SET state = 'OPEN', attempts = attempts + 1, reason = ?, detail = ?
            WHERE dead_letter_id = ?""";

    // One that an earlier build set aside, for it did not know markers. It holds nothing that could be applied.
    private static final String DISCARD = """
            UPDATE bo.dead_letter SET
                state = 'DISCARDED', attempts = attempts + 1, settled_at = clock_timestamp(), settled_by = ?,
                note = 'a marker event, which is no data'
            WHERE dead_letter_id = ?""";

    private final String actor;
    private int resolved;
    private int superseded;
    private int refused;
    private int discarded;

    Settlement(String actor) {
        this.actor = actor;
    }

    @Override
    public void keep(Connection connection, Batch batch) throws SQLException {
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
                    reopen.setLong(3, deadLetter.record().position());
                    reopen.addBatch();
                    refused++;
                } else if (one instanceof Marker marker) {
                    discard.setString(1, actor);
                    discard.setLong(2, marker.record().position());
                    discard.addBatch();
                    discarded++;
                }
            }
            DeadLetterTable.execute(reopen);
            DeadLetterTable.execute(discard);
        }
        settle(connection, SETTLE_LEDGER_ENTRIES, entries);
        settle(connection, SETTLE_PAYMENT_ORDERS, orders);
    }

    private void settle(Connection connection, String sql, List<Snapshot> snapshots) throws SQLException {
        if (snapshots.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, actor);
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint",
                            snapshots.stream()
                                    .map(snapshot -> snapshot.origin().position())
                                    .toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "text", snapshots.stream().map(Snapshot::key).toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "bigint",
                            snapshots.stream()
                                    .map(snapshot -> snapshot.origin().digest())
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

    Replayed outcome(Claim claim) {
        return new Replayed(claim, resolved, superseded, refused, discarded);
    }
}

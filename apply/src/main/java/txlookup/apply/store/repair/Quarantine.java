package txlookup.apply.store.repair;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import txlookup.apply.model.Entity;
import txlookup.apply.store.pairing.DuePairings;

/**
 * Rows that a verification sets aside, with everything that they held. Nothing is ever deleted without its copy here, in
 * the same transaction.
 */
public final class Quarantine {
    private static final String UNCHANGED = """
            unnest(?::text[], ?::timestamptz[], ?::bigint[], ?::bigint[]) AS seen (key, updated_at, version, digest)
            %s stored.%s = seen.key AND stored.digest = seen.digest
              AND stored.updated_at IS NOT DISTINCT FROM seen.updated_at
              AND stored.version IS NOT DISTINCT FROM seen.version""";

    private static final String KEEP = "INSERT INTO quarantine (entity, key, difference, against, digest, content)"
            + " SELECT ?, stored.%2$s, ?, ?, stored.digest, to_jsonb(stored) FROM %1$s AS stored JOIN "
            + UNCHANGED.formatted("ON", "%2$s") + " ON CONFLICT DO NOTHING RETURNING key";

    // A row that changed since it was copied has another digest, time or version, and stays.
    private static final String TAKE_AWAY =
            "DELETE FROM %1$s AS stored USING " + UNCHANGED.formatted("WHERE", "%2$s") + " RETURNING %3$s";

    private static final String HELD = """
            SELECT key, digest, quarantined_at FROM quarantine
            WHERE difference = 'EXTRA' AND entity = ? AND key = ANY (?)""";

    private final DataSource connections;

    /** @param connections the store */
    public Quarantine(DataSource connections) {
        this.connections = connections;
    }

    /**
     * Copies rows that the source does not have. They stay where they are: docs/contract.md knows no deletes, so a row
     * that the source lost or archived is still the last word on its entity.
     *
     * @param against what the store was compared with
     * @return how many were copied; not those that changed since they were read, or are there already
     */
    public int keepExtra(String against, Entity entity, List<SeenRow> rows) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            int kept = keep(connection, "EXTRA", against, entity, rows);
            connection.commit();
            return kept;
        }
    }

    /** Since when extra rows are quarantined, by key; only those whose stored digest is still the one quarantined. */
    public Map<String, Instant> extrasHeld(Entity entity, Collection<SeenRow> rows) throws SQLException {
        Map<String, Long> digests = new HashMap<>();
        rows.forEach(row -> digests.put(row.key(), row.digest()));
        Map<String, Instant> held = new HashMap<>();
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(HELD)) {
            statement.setString(1, entity.name());
            statement.setArray(
                    2, connection.createArrayOf("text", digests.keySet().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (digests.get(row.getString(1)) == row.getLong(2)) {
                        held.put(
                                row.getString(1),
                                row.getObject(3, OffsetDateTime.class).toInstant());
                    }
                }
            }
            connection.rollback();
        }
        return held;
    }

    /** Copies rows and takes them away, in the caller's transaction: what comes next finds their places empty. */
    public static int replace(Connection connection, String against, Entity entity, List<SeenRow> rows)
            throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        keep(connection, "FIELD", against, entity, rows);
        boolean entries = entity == Entity.LEDGER_ENTRY;
        // The payment that a row named wrongly may be open without it.
        DuePairings due = new DuePairings();
        int taken = 0;
        try (PreparedStatement statement = connection.prepareStatement(
                TAKE_AWAY.formatted(table(entity), key(entity), entries ? "related_id" : "NULL::text"))) {
            set(connection, statement, 1, rows);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    due.left(row.getString(1));
                    taken++;
                }
            }
        }
        due.insert(connection);
        return taken;
    }

    private static int keep(Connection connection, String difference, String against, Entity entity, List<SeenRow> rows)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KEEP.formatted(table(entity), key(entity)))) {
            statement.setString(1, entity.name());
            statement.setString(2, difference);
            statement.setString(3, against);
            set(connection, statement, 4, rows);
            int count = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    count++;
                }
            }
            return count;
        }
    }

    private static String table(Entity entity) {
        return entity == Entity.LEDGER_ENTRY ? "ledger_entry" : "payment_order";
    }

    private static String key(Entity entity) {
        return entity == Entity.LEDGER_ENTRY ? "tx_id" : "order_id";
    }

    private static void set(Connection connection, PreparedStatement statement, int first, List<SeenRow> rows)
            throws SQLException {
        // In the order of the keys, in which merges lock as well.
        List<SeenRow> inOrder =
                rows.stream().sorted(Comparator.comparing(SeenRow::key)).toList();
        statement.setArray(first, array(connection, "text", inOrder.stream().map(SeenRow::key)));
        statement.setArray(
                first + 1,
                array(
                        connection,
                        "timestamptz",
                        inOrder.stream()
                                .map(row -> row.updatedAt() == null
                                        ? null
                                        : row.updatedAt().toString())));
        statement.setArray(
                first + 2, array(connection, "bigint", inOrder.stream().map(SeenRow::version)));
        statement.setArray(
                first + 3, array(connection, "bigint", inOrder.stream().map(SeenRow::digest)));
    }

    private static Array array(Connection connection, String type, Stream<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }
}

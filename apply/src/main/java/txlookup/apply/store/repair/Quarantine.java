package txlookup.apply.store.repair;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import txlookup.apply.model.Entity;

/**
 * Rows that a verification sets aside, with everything that they held. Nothing is ever deleted without its copy here, in
 * the same transaction.
 */
public final class Quarantine {
    // The lock comes first and in the order of the keys, like every merge's; a row that changed while it was waited for
    // is compared again and left alone.
    private static final String LOCKED = """
            WITH wrong AS (
                SELECT stored.* FROM %1$s AS stored
                JOIN unnest(?::text[], ?::timestamptz[], ?::bigint[], ?::bigint[])
                    AS seen (key, updated_at, version, digest) ON stored.%2$s = seen.key
                WHERE stored.digest = seen.digest AND stored.updated_at IS NOT DISTINCT FROM seen.updated_at
                  AND stored.version IS NOT DISTINCT FROM seen.version
                ORDER BY stored.%2$s FOR UPDATE OF stored),
            kept AS (
                INSERT INTO quarantine (entity, key, difference, against, digest, content)
                SELECT ?, wrong.%2$s, ?, ?, wrong.digest, to_jsonb(wrong) FROM wrong
                ON CONFLICT DO NOTHING RETURNING key)
            """;

    private static final String REPLACE =
            LOCKED + "%3$s DELETE FROM %1$s AS stored USING wrong WHERE stored.%2$s = wrong.%2$s RETURNING 1";

    // The payment that a row named wrongly may be open without it.
    private static final String PAIRING_IS_DUE = """
            , due AS (
                INSERT INTO pairing_due (payment_ids, receive_ids, order_ids, other_ids)
                SELECT '{}', '{}', '{}', array_agg(related_id) FROM wrong
                WHERE related_id IS NOT NULL HAVING count(*) > 0)
            """;

    private static final String KEEP = LOCKED + "SELECT 1 FROM kept";

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
            int kept = run(connection, KEEP, "EXTRA", against, entity, rows);
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
        return rows.isEmpty() ? 0 : run(connection, REPLACE, "FIELD", against, entity, rows);
    }

    private static int run(
            Connection connection, String sql, String difference, String against, Entity entity, List<SeenRow> rows)
            throws SQLException {
        String table = entity == Entity.LEDGER_ENTRY ? "ledger_entry" : "payment_order";
        String key = entity == Entity.LEDGER_ENTRY ? "tx_id" : "order_id";
        String due = entity == Entity.LEDGER_ENTRY ? PAIRING_IS_DUE : "";
        try (PreparedStatement statement = connection.prepareStatement(sql.formatted(table, key, due))) {
            statement.setArray(1, array(connection, "text", rows.stream().map(SeenRow::key)));
            statement.setArray(
                    2,
                    array(
                            connection,
                            "timestamptz",
                            rows.stream()
                                    .map(row -> row.updatedAt() == null
                                            ? null
                                            : row.updatedAt().toString())));
            statement.setArray(3, array(connection, "bigint", rows.stream().map(SeenRow::version)));
            statement.setArray(4, array(connection, "bigint", rows.stream().map(SeenRow::digest)));
            statement.setString(5, entity.name());
            statement.setString(6, difference);
            statement.setString(7, against);
            int count = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    count++;
                }
            }
            return count;
        }
    }

    private static Array array(Connection connection, String type, Stream<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }
}

package txlookup.api.explain;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.api.explain.Explanation.Coverage;

/** Reads where rows came from, and what their generation covers. */
final class Provenances {
    /** Entries of one payment that are shown; a payment has two. */
    static final int MOST_ENTRIES = 100;

    private static final String ENTRIES = """
            SELECT 'ledger_entry' AS entity, e.tx_id AS id, e.entry_type, e.wallet_id, e.amount::text, e.related_id,
                   e.related_type, e.version, e.event_time, e.created_at, e.updated_at, c.kind, c.name,
                   c.partition, e.source_position, e.source_time, e.ingested_at
            FROM (SELECT * FROM ledger_entry e WHERE %s ORDER BY e.event_time, e.tx_id LIMIT %d) e
            LEFT JOIN coverage c ON c.source_id = e.source_id
            ORDER BY e.event_time, e.tx_id""";

    static final String ONE_ENTRY = ENTRIES.formatted("e.tx_id = ?", 1);
    static final String ENTRIES_OF_ONE_PAYMENT = ENTRIES.formatted("e.related_id = ?", MOST_ENTRIES);

    static final String ONE_ORDER = """
            SELECT 'payment_order' AS entity, o.order_id AS id, NULL::text AS entry_type, NULL::text AS wallet_id,
                   o.amount::text, NULL::text AS related_id, NULL::text AS related_type, o.version,
                   NULL::timestamptz AS event_time, o.created_at, o.updated_at, c.kind, c.name,
                   c.partition, o.source_position, o.source_time, o.ingested_at
            FROM payment_order o LEFT JOIN coverage c ON c.source_id = o.source_id
            WHERE o.order_id = ?""";

    private static final String COVERAGE = """
            SELECT min(c.as_of) FILTER (WHERE c.kind = 'STREAM') AS stream_start,
                   count(*) FILTER (WHERE c.kind = 'BACKFILL') AS inputs,
                   count(*) FILTER (WHERE c.kind = 'BACKFILL' AND c.completed_at IS NULL) AS inputs_left
            FROM coverage c""";

    private Provenances() {}

    static List<Provenance> of(long generation, Connection connection, String sql, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, id);
            List<Provenance> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(of(generation, row));
                }
            }
            return rows;
        }
    }

    static Coverage coverage(long generation, Connection connection, Optional<Instant> asOf, boolean stale)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COVERAGE);
                ResultSet row = statement.executeQuery()) {
            row.next();
            String history = row.getLong("inputs") == 0
                    ? "FROM_STREAM_START"
                    : row.getLong("inputs_left") == 0 ? "ALL" : "LOADING";
            return new Coverage(generation, asOf.orElse(null), stale, history, instant(row, "stream_start"));
        }
    }

    private static Provenance of(long generation, ResultSet row) throws SQLException {
        Integer partition = row.getObject("partition", Integer.class);
        return new Provenance(
                row.getString("entity"),
                row.getString("id"),
                row.getString("entry_type"),
                row.getString("wallet_id"),
                row.getString("amount"),
                row.getString("related_id"),
                row.getString("related_type"),
                row.getObject("version", Long.class),
                instant(row, "event_time"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "updated_at"),
                row.getString("kind") == null ? null : generation,
                row.getString("kind"),
                row.getString("name"),
                partition == null || partition < 0 ? null : partition,
                row.getLong("source_position"),
                row.getObject("source_time", OffsetDateTime.class).toInstant(),
                row.getObject("ingested_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

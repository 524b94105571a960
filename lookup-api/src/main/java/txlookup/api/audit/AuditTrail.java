package txlookup.api.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;

/** Reads who looked up what. */
public final class AuditTrail {
    private static final String ROWS = """
            SELECT * FROM bo.audit WHERE audit_id < ?%s ORDER BY audit_id DESC LIMIT ?""";

    private final DataSource database;

    public AuditTrail(DataSource database) {
        this.database = database;
    }

    /** A row as the viewer shows it: the columns of {@code bo.audit}, its place in its chain at the end. */
    record Shown(
            long auditId,
            Instant at,
            String actor,
            List<String> roles,
            @Nullable String ip,
            @Nullable String userAgent,
            String action,
            String resourceType,
            String resourceId,
            String method,
            String path,
            @Nullable String query,
            String result,
            int statusCode,
            int durationMs,
            int resultCount,
            String correlationId,
            @Nullable Long chainId,
            @Nullable Long sequence,
            @Nullable String hash) {}

    public record Page(
            List<Shown> entries, int count, @Nullable String nextCursor) {}

    /** Newest first. */
    public Page page(AuditQuery query, CursorSigner cursors) throws SQLException {
        List<Shown> rows = rows(query, query.limit() + 1);
        boolean more = rows.size() > query.limit();
        List<Shown> page = more ? rows.subList(0, query.limit()) : rows;
        String next = null;
        if (more) {
            Shown last = page.get(page.size() - 1);
            next = cursors.sign(new Cursor(last.at(), Long.toString(last.auditId())), query.scope());
        }
        return new Page(page, page.size(), next);
    }

    private List<Shown> rows(AuditQuery query, int limit) throws SQLException {
        StringBuilder filters = new StringBuilder();
        List<Object> values = new ArrayList<>();
        values.add(query.before().orElse(Long.MAX_VALUE));
        query.actor()
                .ifPresent(actor -> longText("actor", AuditRow.kept(actor, AuditRow.LONGEST_ACTOR), filters, values));
        query.resourceId()
                .ifPresent(id -> longText("resource_id", AuditRow.kept(id, AuditRow.LONGEST_ID), filters, values));
        query.action().ifPresent(action -> filter("action = ?", action, filters, values));
        query.correlationId().ifPresent(id -> filter("correlation_id COLLATE \"C\" = ?", id, filters, values));
        query.result().ifPresent(result -> filter("result = ?", result.name(), filters, values));
        query.from().ifPresent(from -> filter("at >= ?", from.atOffset(ZoneOffset.UTC), filters, values));
        query.to().ifPresent(to -> filter("at <= ?", to.atOffset(ZoneOffset.UTC), filters, values));
        values.add(limit);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ROWS.formatted(filters))) {
            for (int parameter = 0; parameter < values.size(); parameter++) {
                statement.setObject(parameter + 1, values.get(parameter));
            }
            List<Shown> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(shown(row));
                }
            }
            return rows;
        }
    }

    /** The index holds the first 255 characters; the rest is compared in the row. */
    private static void longText(String column, String value, StringBuilder filters, List<Object> values) {
        filter("left(%s, 255) = left(?, 255)".formatted(column), value, filters, values);
        filter(column + " = ?", value, filters, values);
    }

    private static void filter(String condition, Object value, StringBuilder filters, List<Object> values) {
        filters.append(" AND ").append(condition);
        values.add(value);
    }

    private static Shown shown(ResultSet row) throws SQLException {
        byte[] hash = row.getBytes("hash");
        return new Shown(
                row.getLong("audit_id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                List.of((String[]) row.getArray("roles").getArray()),
                row.getString("ip"),
                row.getString("user_agent"),
                row.getString("action"),
                row.getString("resource_type"),
                row.getString("resource_id"),
                row.getString("method"),
                row.getString("path"),
                row.getString("query"),
                row.getString("result"),
                row.getInt("status_code"),
                row.getInt("duration_ms"),
                row.getInt("result_count"),
                row.getString("correlation_id"),
                row.getObject("chain_id", Long.class),
                row.getObject("sequence", Long.class),
                hash == null ? null : HexFormat.of().formatHex(hash));
    }
}

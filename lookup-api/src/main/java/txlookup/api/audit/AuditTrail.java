package txlookup.api.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;

/**
 * Reads who looked up what, newest first. One filter chooses the index, and the others are judged row by row. A page
 * reads at most {@value #MOST_READ} rows for them, and then continues at its cursor even if it is not full.
 */
@Component
public final class AuditTrail {
    private static final int MOST_READ = 5_000;

    private static final String ROWS = """
            SELECT * FROM (
                SELECT * FROM bo.audit WHERE (at, audit_id) < (?, ?)%s ORDER BY at DESC, audit_id DESC LIMIT %d) AS read
            WHERE true%s ORDER BY at DESC, audit_id DESC LIMIT ?""";

    private static final String LAST_READ = """
            SELECT at, audit_id FROM bo.audit WHERE (at, audit_id) < (?, ?)%s
            ORDER BY at DESC, audit_id DESC OFFSET %d LIMIT 1""";

    private final DataSource database;

    AuditTrail(@Qualifier("controlConnections") DataSource database) {
        this.database = database;
    }

    /** A row as the viewer shows it: the columns of {@code bo.audit}, its place in its chain at the end. */
    public record Shown(
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
        AuditFilters filters = AuditFilters.of(query);
        try (Connection connection = database.getConnection()) {
            List<Shown> rows = rows(connection, query, filters);
            boolean more = rows.size() > query.limit();
            List<Shown> page = more ? rows.subList(0, query.limit()) : rows;
            Optional<Cursor> next = more
                    ? Optional.of(page.get(page.size() - 1)).map(last -> cursor(last.at(), last.auditId()))
                    : filters.judged().isEmpty() ? Optional.empty() : lastRead(connection, query, filters);
            return new Page(
                    page,
                    page.size(),
                    next.map(cursor -> cursors.sign(cursor, query.scope())).orElse(null));
        }
    }

    private static List<Shown> rows(Connection connection, AuditQuery query, AuditFilters filters) throws SQLException {
        String sql = ROWS.formatted(
                filters.indexed().sql(), MOST_READ, filters.judged().sql());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int next = filters.judged().set(statement, filters.indexed().set(statement, from(statement, query)));
            statement.setInt(next, query.limit() + 1);
            List<Shown> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(shown(row));
                }
            }
            return rows;
        }
    }

    /** Where a page ends that read as many rows as it may; empty when it has read all. */
    private static Optional<Cursor> lastRead(Connection connection, AuditQuery query, AuditFilters filters)
            throws SQLException {
        String sql = LAST_READ.formatted(filters.indexed().sql(), MOST_READ - 1);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            filters.indexed().set(statement, from(statement, query));
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                cursor(row.getObject("at", OffsetDateTime.class).toInstant(), row.getLong("audit_id")))
                        : Optional.empty();
            }
        }
    }

    private static int from(PreparedStatement statement, AuditQuery query) throws SQLException {
        statement.setObject(
                1, query.before().map(AuditQuery.Place::at).orElse(OffsetDateTime.MAX)); // infinity for the driver
        statement.setLong(2, query.before().map(AuditQuery.Place::auditId).orElse(Long.MAX_VALUE));
        return 3;
    }

    private static Cursor cursor(Instant at, long auditId) {
        return new Cursor(at, Long.toString(auditId));
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

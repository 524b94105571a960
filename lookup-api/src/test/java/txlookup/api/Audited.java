package txlookup.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of {@code bo.audit} as it is in the database. */
public record Audited(
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
        @Nullable Long generation) {

    /** The only row about a resource. */
    public static Audited of(RunningApi api, String resourceId) {
        List<Audited> rows = allOf(api, resourceId);
        if (rows.size() != 1) {
            throw new AssertionError("one audit row of " + resourceId + " expected, not " + rows);
        }
        return rows.get(0);
    }

    /** The row that was written last. */
    public static Audited newest(RunningApi api) {
        try (Connection connection = api.database().connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT * FROM bo.audit ORDER BY audit_id DESC LIMIT 1");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return of(row);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static List<Audited> allOf(RunningApi api, String resourceId) {
        try (Connection connection = api.database().connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT * FROM bo.audit WHERE resource_id = ? ORDER BY audit_id")) {
            statement.setString(1, resourceId);
            List<Audited> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(of(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Audited of(ResultSet row) throws SQLException {
        return new Audited(
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
                row.getObject("generation", Long.class));
    }
}

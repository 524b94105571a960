package txlookup.api.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;

/** Reads rows of {@code bo.audit} back. */
final class AuditRows {
    private AuditRows() {}

    /** @throws IllegalArgumentException when the result is none that a writer knows */
    static AuditRow read(ResultSet row) throws SQLException {
        return new AuditRow(
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
                AuditRow.Result.valueOf(row.getString("result")),
                row.getInt("status_code"),
                row.getInt("duration_ms"),
                row.getInt("result_count"),
                row.getString("correlation_id"),
                row.getObject("generation", Long.class));
    }
}

package txlookup.api.audit.export;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import txlookup.api.audit.AuditHash;
import txlookup.api.audit.AuditRow;

/** A line of an export: the columns of {@code bo.audit}. */
record ExportedRow(
        long auditId,
        Instant recordedAt,
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
        @Nullable Long generation,
        long chainId,
        long sequence,
        String previousHash,
        String hash) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final HexFormat HEX = HexFormat.of();

    static ExportedRow of(ResultSet row) throws SQLException {
        return new ExportedRow(
                row.getLong("audit_id"),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
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
                row.getObject("generation", Long.class),
                row.getLong("chain_id"),
                row.getLong("sequence"),
                HEX.formatHex(row.getBytes("previous_hash")),
                HEX.formatHex(row.getBytes("hash")));
    }

    byte[] line() {
        return JSON.writeValueAsBytes(this);
    }

    static ExportedRow of(String line) {
        return JSON.readValue(line, ExportedRow.class);
    }

    /** Whether its hash is that of its columns, after the row that it names as the one before. */
    boolean isAsWritten() {
        try {
            AuditRow row = new AuditRow(
                    at,
                    actor,
                    roles,
                    ip,
                    userAgent,
                    action,
                    resourceType,
                    resourceId,
                    method,
                    path,
                    query,
                    AuditRow.Result.valueOf(result),
                    statusCode,
                    durationMs,
                    resultCount,
                    correlationId,
                    generation);
            return HEX.formatHex(AuditHash.of(chainId, sequence, HEX.parseHex(previousHash), row))
                    .equals(hash);
        } catch (IllegalArgumentException e) {
            return false; // a result that no writer knows, or no hash
        }
    }
}

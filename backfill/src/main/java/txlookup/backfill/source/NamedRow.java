package txlookup.backfill.source;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A row of any database as the JSON object that an event would have been: every value a string, exact, null left out. Times
 * come as ISO 8601, since databases write them each in their own way.
 */
final class NamedRow {
    private static final JsonFactory JSON = new JsonFactory();

    private enum Form {
        TEXT,
        DECIMAL,
        TIME,
        TIME_WITH_OFFSET
    }

    private record Column(String name, Form form) {}

    private final List<Column> columns = new ArrayList<>();
    private final int key;
    private final int keyType;

    /** @throws SQLException when no column is the key */
    NamedRow(ResultSetMetaData metadata, String key, String setting) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int column = 1; column <= metadata.getColumnCount(); column++) {
            String name = metadata.getColumnLabel(column).toLowerCase(Locale.ROOT);
            names.add(name);
            columns.add(new Column(name, form(metadata.getColumnType(column), metadata.getColumnTypeName(column))));
        }
        this.key = names.indexOf(key) + 1;
        if (this.key == 0) {
            throw new SQLException(
                    "%s has no column %s, which orders it; it has %s. Name its columns as the contract does"
                            .formatted(setting, key, String.join(", ", names)));
        }
        this.keyType = metadata.getColumnType(this.key);
    }

    private static Form form(int type, String typeName) {
        String name = typeName.toLowerCase(Locale.ROOT);
        return switch (type) {
            case Types.TIMESTAMP_WITH_TIMEZONE -> Form.TIME_WITH_OFFSET;
            case Types.TIMESTAMP ->
                // PostgreSQL says so of both its types.
                name.equals("timestamptz") || name.contains("with time zone") ? Form.TIME_WITH_OFFSET : Form.TIME;
            case Types.DECIMAL, Types.NUMERIC -> Form.DECIMAL;
            default -> Form.TEXT;
        };
    }

    /** Binds a key as the column's own type, so that the database compares it as it orders. */
    void bindKey(PreparedStatement statement, String value) throws SQLException {
        switch (keyType) {
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR ->
                statement.setString(1, value);
            case Types.DECIMAL, Types.NUMERIC -> statement.setBigDecimal(1, new BigDecimal(value));
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT ->
                statement.setLong(1, Long.parseLong(value));
            default -> statement.setObject(1, value, keyType);
        }
    }

    String key(ResultSet row) throws SQLException {
        String value = value(row, key, columns.get(key - 1).form());
        if (value == null) {
            throw new SQLException("A row has no %s, which orders the query; leave such rows out"
                    .formatted(columns.get(key - 1).name()));
        }
        return value;
    }

    byte[] json(ResultSet row) throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            for (int column = 1; column <= columns.size(); column++) {
                String value = value(row, column, columns.get(column - 1).form());
                if (value != null) {
                    json.writeStringProperty(columns.get(column - 1).name(), value);
                }
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static @Nullable String value(ResultSet row, int column, Form form) throws SQLException {
        return switch (form) {
            case TEXT -> row.getString(column);
            case DECIMAL -> {
                BigDecimal value = row.getBigDecimal(column);
                yield value == null ? null : value.toPlainString();
            }
            case TIME -> {
                LocalDateTime value = row.getObject(column, LocalDateTime.class);
                yield value == null ? null : value.toString();
            }
            case TIME_WITH_OFFSET -> {
                OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
                yield value == null ? null : value.toString();
            }
        };
    }
}

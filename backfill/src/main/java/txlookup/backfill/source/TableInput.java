package txlookup.backfill.source;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import txlookup.apply.Entity;
import txlookup.apply.SourceRecord;

/**
 * A table of a source database (PostgreSQL), read in chunks by its key within one repeatable-read transaction, so that
 * all rows are of one instant while writes go on. A row becomes the JSON object that an event would have been, and takes
 * the same way from there. A run that was killed goes on after the last key in a snapshot of its own.
 *
 * @param connections the source; its connections are used read-only
 * @param table the table, qualified where it has to be
 * @param key the column that orders the table uniquely, usually the primary key
 */
public record TableInput(DataSource connections, String table, String key, Entity entity) implements Input {
    private static final JsonFactory JSON = new JsonFactory();

    private static final String COUNT_ESTIMATE = "SELECT reltuples::bigint FROM pg_class WHERE oid = ?::regclass";

    private static final String READING_INSTANT = "SELECT now()";

    private static final String FIRST_CHUNK = "SELECT * FROM %s ORDER BY %s LIMIT ?";

    private static final String NEXT_CHUNK = "SELECT * FROM %s WHERE %s > ? ORDER BY %2$s LIMIT ?";

    @Override
    public String name() {
        return table;
    }

    @Override
    public OptionalLong size() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(COUNT_ESTIMATE)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long estimate = row.getLong(1);
                return estimate < 0 ? OptionalLong.empty() : OptionalLong.of(estimate);
            }
        }
    }

    @Override
    public Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf) throws SQLException {
        Connection connection = connections.getConnection();
        try {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(READING_INSTANT)) {
                row.next();
                Instant readAt = row.getObject(1, OffsetDateTime.class).toInstant();
                return new Rows(this, connection, readAt, nextPosition, resumeFrom);
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static final class Rows implements Reader {
        private final TableInput input;
        private final Connection connection;
        private final Instant readAt;
        private long position;
        private @Nullable String lastKey;

        Rows(TableInput input, Connection connection, Instant readAt, long position, @Nullable String lastKey) {
            this.input = input;
            this.connection = connection;
            this.readAt = readAt;
            this.position = position;
            this.lastKey = lastKey;
        }

        @Override
        public Chunk next(int rows) throws SQLException {
            String sql = (lastKey == null ? FIRST_CHUNK : NEXT_CHUNK).formatted(input.table, input.key);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                int parameter = 1;
                if (lastKey != null) {
                    // As its literal, so that the database compares it as the key's own type.
                    statement.setObject(parameter++, lastKey, Types.OTHER);
                }
                statement.setInt(parameter, rows);
                try (ResultSet row = statement.executeQuery()) {
                    return read(row, rows);
                }
            }
        }

        private Chunk read(ResultSet row, int rows) throws SQLException {
            List<SourceRecord> records = new ArrayList<>(rows);
            long bytes = 0;
            while (row.next()) {
                byte[] json = json(row);
                records.add(new SourceRecord(position++, readAt, json));
                bytes += json.length;
                lastKey = row.getString(input.key);
            }
            return new Chunk(records, position, lastKey, bytes, position - 1, records.size() < rows);
        }

        private static byte[] json(ResultSet row) throws SQLException {
            ResultSetMetaData columns = row.getMetaData();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
            try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
                json.writeStartObject();
                for (int column = 1; column <= columns.getColumnCount(); column++) {
                    String value = value(row, columns.getColumnType(column), columns.getColumnTypeName(column), column);
                    if (value != null) {
                        json.writeStringProperty(columns.getColumnLabel(column), value);
                    }
                }
                json.writeEndObject();
            }
            return bytes.toByteArray();
        }

        /** Times in ISO 8601, everything else as the database writes it: decimals keep digits and scale. */
        private static @Nullable String value(ResultSet row, int type, String typeName, int column)
                throws SQLException {
            if (type == Types.TIMESTAMP_WITH_TIMEZONE || typeName.equals("timestamptz")) {
                OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
                return time == null ? null : time.toString();
            }
            if (type == Types.TIMESTAMP) {
                LocalDateTime time = row.getObject(column, LocalDateTime.class);
                return time == null ? null : time.toString();
            }
            return row.getString(column);
        }

        @Override
        public void close() throws SQLException {
            try (connection) {
                connection.rollback();
            }
        }
    }
}

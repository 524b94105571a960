package txlookup.backfill.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.model.Entity;

/**
 * A table of a source database (PostgreSQL), read by COPY in the order of its key in one transaction, so that all rows are
 * of one instant while writes go on. A row becomes the JSON object that an event would have been, and takes
 * the same way from there. A run that was killed goes on after the last key in a snapshot of its own.
 *
 * @param connections the source; its connections are used read-only
 * @param table the table, qualified where it has to be
 * @param key the column that orders the table uniquely, usually the primary key
 */
public record TableInput(DataSource connections, String table, String key, Entity entity) implements Input {
    private static final Logger log = LoggerFactory.getLogger(TableInput.class);

    private static final String COUNT_ESTIMATE = "SELECT reltuples::bigint FROM pg_class WHERE oid = ?::regclass";

    private static final String READING_INSTANT = "SELECT now()";

    // Times come in UTC and as ISO 8601 whatever the source's own settings are.
    private static final String NOTATION = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'";

    private static final String COLUMNS = "SELECT * FROM %s LIMIT 0";

    private static final String COPY = "COPY (SELECT * FROM %s %s ORDER BY %s LIMIT %d) TO STDOUT";

    // A literal, so that the database compares it as the key's own type.
    private static final String AFTER = "WHERE %s > '%s'";

    @Override
    public String name() {
        return table;
    }

    @Override
    public boolean isReadByTheRun() {
        return true;
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
        return open(nextPosition, resumeFrom, Long.MAX_VALUE);
    }

    @Override
    public Reader sample(int rows, Instant asOf) throws SQLException {
        return open(1, null, rows);
    }

    private Reader open(long nextPosition, @Nullable String resumeFrom, long limit) throws SQLException {
        Connection connection = connections.getConnection();
        try {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = connection.createStatement()) {
                statement.execute(NOTATION);
                Instant readAt;
                try (ResultSet row = statement.executeQuery(READING_INSTANT)) {
                    row.next();
                    readAt = row.getObject(1, OffsetDateTime.class).toInstant();
                }
                return new Rows(this, connection, readAt, nextPosition, resumeFrom, limit);
            }
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static final class Rows implements Reader {
        private final Connection connection;
        private final Instant readAt;
        private final int key;
        private final CopiedRow json;
        private final CopyOut rows;
        private final boolean isSample;
        private long position;
        private @Nullable String lastKey;

        Rows(
                TableInput input,
                Connection connection,
                Instant readAt,
                long position,
                @Nullable String lastKey,
                long limit)
                throws SQLException {
            this.connection = connection;
            this.readAt = readAt;
            this.position = position;
            this.lastKey = lastKey;
            List<String> columns = columns(connection, input.table);
            this.json = new CopiedRow(columns);
            this.key = columns.indexOf(input.key);
            if (key < 0) {
                throw new SQLException("%s has no column %s, which orders it; it has %s"
                        .formatted(input.table, input.key, String.join(", ", columns)));
            }
            String after = lastKey == null ? "" : AFTER.formatted(input.key, lastKey.replace("'", "''"));
            this.isSample = limit < Long.MAX_VALUE;
            this.rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut(COPY.formatted(input.table, after, input.key, limit));
        }

        private static List<String> columns(Connection connection, String table) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet none = statement.executeQuery(COLUMNS.formatted(table))) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= none.getMetaData().getColumnCount(); column++) {
                    columns.add(none.getMetaData().getColumnName(column));
                }
                return columns;
            }
        }

        @Override
        public Chunk next(int wanted, long bytes) throws SQLException {
            ChunkRows chunk = new ChunkRows(wanted, bytes, readAt);
            byte[] row = null;
            byte[] last = null;
            boolean more = true;
            while (chunk.hasRoom() && (more = (row = rows.readFromCopy()) != null)) {
                chunk.add(position++, json.json(row));
                last = row;
            }
            if (last != null) {
                lastKey = CopiedRow.value(last, key);
            }
            return chunk.chunk(position, lastKey, position - 1, !more);
        }

        @Override
        public void close() throws SQLException {
            while (isSample && rows.isActive()) {
                rows.readFromCopy();
            }
            if (rows.isActive()) {
                giveUp();
                return;
            }
            try (connection) {
                connection.rollback();
            }
        }

        /** What is still on its way of a COPY would have to be read to its end; the connection ends instead. */
        private void giveUp() throws SQLException {
            connection.abort(Runnable::run);
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("The source's connection was given up: {}", e.getMessage());
            }
        }
    }
}

package txlookup.backfill.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.SourceRecord;

/** Reads a query's result once, front to back, on a connection of its own. */
final class QueriedRows implements Input.Reader {
    private final Connection connection;
    private final PreparedStatement statement;
    private final NamedRow columns;
    private final ResultSet rows;
    private final Instant readAt;
    private long position;
    private @Nullable String lastKey;

    QueriedRows(
            Connection connection,
            PreparedStatement statement,
            NamedRow columns,
            Instant readAt,
            long position,
            @Nullable String lastKey)
            throws SQLException {
        this.connection = connection;
        this.statement = statement;
        this.columns = columns;
        this.readAt = readAt;
        this.position = position;
        this.lastKey = lastKey;
        this.rows = statement.executeQuery();
    }

    @Override
    public Chunk next(int wanted) throws SQLException {
        List<SourceRecord> records = new ArrayList<>(wanted);
        long bytes = 0;
        boolean more = true;
        while (records.size() < wanted && (more = rows.next())) {
            byte[] value = columns.json(rows);
            records.add(new SourceRecord(position++, readAt, value));
            bytes += value.length;
            lastKey = columns.key(rows);
        }
        return new Chunk(records, position, lastKey, bytes, position - 1, !more);
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                statement) {
            rows.close();
            connection.rollback();
        }
    }
}

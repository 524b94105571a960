package txlookup.backfill.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
    public Chunk next(int wanted, long bytes) throws SQLException {
        ChunkRows chunk = new ChunkRows(wanted, bytes, readAt);
        boolean more = true;
        while (chunk.hasRoom() && (more = rows.next())) {
            chunk.add(position++, columns.json(rows));
            lastKey = columns.key(rows);
        }
        return chunk.chunk(position, lastKey, position - 1, !more);
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

package txlookup.apply.store.deadletter;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.SourcePositions;

/** Dead letters reach the store in the transaction that moves the source past them. */
public final class DeadLetterTable {
    private static final String INSERT = """
            INSERT INTO dead_letter
                (source_id, position, record_time, reason, detail, record_key, record_value, record_headers)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb)
            ON CONFLICT ON CONSTRAINT dead_letter_coordinates DO NOTHING""";

    private static final String COUNT_FROM = "SELECT count(*) FROM dead_letter WHERE source_id = ? AND position >= ?";

    private DeadLetterTable() {}

    public static int countFrom(Connection connection, int sourceId, long position) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT_FROM)) {
            statement.setInt(1, sourceId);
            statement.setLong(2, position);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    public static void insert(Connection connection, int sourceId, List<DeadLetter> deadLetters) throws SQLException {
        if (deadLetters.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (DeadLetter deadLetter : deadLetters) {
                SourceRecord record = deadLetter.record();
                statement.setInt(1, sourceId);
                statement.setLong(2, record.position());
                statement.setObject(3, SourcePositions.utc(record.time()));
                statement.setString(4, deadLetter.reason().wireName());
                statement.setString(5, deadLetter.detail());
                statement.setBytes(6, record.key());
                statement.setBytes(7, record.value());
                statement.setString(
                        8, record.headers() == null ? null : record.headers().toJson());
                statement.addBatch();
            }
            execute(statement);
        }
    }

    /** Runs a batch; a failure is the server's own, for the driver's repeats the statement with the records' bytes. */
    public static void execute(PreparedStatement batch) throws SQLException {
        try {
            batch.executeBatch();
        } catch (BatchUpdateException e) {
            throw e.getNextException() == null
                    ? new SQLException("the batch failed", e.getSQLState())
                    : e.getNextException();
        }
    }
}

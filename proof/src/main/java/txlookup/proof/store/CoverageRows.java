package txlookup.proof.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.position.SourceCounts;
import txlookup.proof.completeness.CoverageRow;

/** Reads a generation's coverage, streams and backfill inputs alike, at one instant. */
public final class CoverageRows {
    private static final String ROWS = """
            SELECT kind, name, partition, topic_id, start_position, next_position, completed_at IS NOT NULL,
                   consumed, applied, stale, duplicate, dead, bytes, markers, read_again,
                   (SELECT count(*) FROM dead_letter WHERE dead_letter.source_id = coverage.source_id),
                   (SELECT count(*) FROM dead_letter WHERE dead_letter.source_id = coverage.source_id
                                                          AND state IN ('OPEN', 'REPLAYING'))
            FROM coverage WHERE kind IN ('STREAM', 'BACKFILL')
            ORDER BY kind DESC, name, partition""";

    private final DataSource connections;

    /** @param connections of the generation */
    public CoverageRows(DataSource connections) {
        this.connections = connections;
    }

    /** Streams first, then by name and partition. */
    public List<CoverageRow> read() throws SQLException {
        List<CoverageRow> rows = new ArrayList<>();
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(ROWS)) {
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new CoverageRow(
                            new Source(Source.Kind.valueOf(row.getString(1)), row.getString(2), row.getInt(3)),
                            row.getString(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getBoolean(7),
                            new SourceCounts(
                                    row.getLong(8),
                                    row.getLong(9),
                                    row.getLong(10),
                                    row.getLong(11),
                                    row.getLong(12),
                                    row.getLong(13)),
                            row.getLong(14),
                            row.getLong(15),
                            row.getLong(16),
                            row.getLong(17)));
                }
            }
            connection.rollback();
        }
        return rows;
    }
}

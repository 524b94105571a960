package txlookup.apply.store.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import txlookup.apply.model.Marker;
import txlookup.apply.model.Marker.Beat;
import txlookup.apply.store.deadletter.DeadLetterTable;
import txlookup.apply.store.position.Lease;

/** Markers are counted in the transaction that moves the source past them: whoever sees the count sees the batch. */
final class CanaryTable {
    private static final String KEEP = """
            INSERT INTO canary AS kept (source_id, run, sequence, markers) VALUES (?, ?, ?, ?)
            ON CONFLICT ON CONSTRAINT canary_pkey DO UPDATE SET
                sequence = greatest(kept.sequence, excluded.sequence), markers = kept.markers + excluded.markers,
                seen_at = clock_timestamp()""";

    private static final String FORGET =
            "DELETE FROM canary WHERE source_id = ? AND seen_at < clock_timestamp() - interval '1 day'";

    private CanaryTable() {}

    static void keep(Connection connection, Lease claim, List<Marker> markers) throws SQLException {
        if (markers.isEmpty()) {
            return;
        }
        keepNewest(connection, claim, markers);
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setInt(1, claim.sourceId());
            statement.executeUpdate();
        }
    }

    private static void keepNewest(Connection connection, Lease claim, List<Marker> markers) throws SQLException {
        Map<String, List<Beat>> runs = markers.stream()
                .map(Marker::beat)
                .filter(beat ->
                        beat != null && beat.partition() == claim.source().partition())
                .collect(Collectors.groupingBy(Beat::run, TreeMap::new, Collectors.toList()));
        try (PreparedStatement statement = connection.prepareStatement(KEEP)) {
            for (Map.Entry<String, List<Beat>> run : runs.entrySet()) {
                statement.setInt(1, claim.sourceId());
                statement.setString(2, run.getKey());
                statement.setLong(
                        3,
                        run.getValue().stream().mapToLong(Beat::sequence).max().orElseThrow());
                statement.setLong(4, run.getValue().size());
                statement.addBatch();
            }
            DeadLetterTable.execute(statement);
        }
    }
}

package txlookup.backfill;

import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Where a load finds the metrics of the processes that work on what serves: at the addresses of its settings, and else at
 * those in {@code bo.process}. A load into what serves itself gives way only to what its settings name.
 */
final class ServingMetrics implements Throttle.Metrics {
    private static final String ADDRESSES = """
            SELECT p.address FROM bo.process AS p CROSS JOIN bo.serving AS s
            WHERE p.kind = ? AND p.address IS NOT NULL AND p.heartbeat_at > clock_timestamp() - interval '5 s'
              AND s.generation <> ? AND (p.generation IS NULL OR p.generation = s.generation)
            ORDER BY p.address""";

    private final ThrottleSettings settings;
    private final DataSource connections;
    private final long generation;

    /** @param generation the one that is loaded */
    ServingMetrics(ThrottleSettings settings, DataSource connections, long generation) {
        this.settings = settings;
        this.connections = connections;
        this.generation = generation;
    }

    @Override
    public List<URI> ofApi() throws SQLException {
        return settings.apiMetrics() == null ? addresses("API") : List.of(settings.apiMetrics());
    }

    @Override
    public List<URI> ofConsumers() throws SQLException {
        return settings.consumerMetrics() == null ? addresses("CONSUMER") : List.of(settings.consumerMetrics());
    }

    private List<URI> addresses(String kind) throws SQLException {
        List<URI> found = new ArrayList<>();
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(ADDRESSES)) {
            statement.setString(1, kind);
            statement.setLong(2, generation);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(URI.create("http://%s/metrics".formatted(row.getString(1))));
                }
            }
            connection.rollback();
        }
        return found;
    }
}

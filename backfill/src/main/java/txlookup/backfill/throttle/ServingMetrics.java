package txlookup.backfill.throttle;

import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import txlookup.apply.generation.process.ServingProcesses;

/**
 * Where a load finds the metrics of the processes that work on what serves: at the addresses of its settings, and else at
 * those in {@code bo.process}. A load into what serves itself gives way only to what its settings name.
 */
public final class ServingMetrics implements Throttle.Metrics {
    private final ThrottleSettings settings;
    private final ServingProcesses serving;

    /** @param generation the one that is loaded */
    public ServingMetrics(ThrottleSettings settings, DataSource connections, long generation) {
        this.settings = settings;
        this.serving = new ServingProcesses(connections, generation);
    }

    @Override
    public List<URI> ofApi() throws SQLException {
        return settings.apiMetrics() == null ? metrics(serving.api()) : List.of(settings.apiMetrics());
    }

    @Override
    public List<URI> ofConsumers() throws SQLException {
        return settings.consumerMetrics() == null ? metrics(serving.consumers()) : List.of(settings.consumerMetrics());
    }

    private static List<URI> metrics(List<String> addresses) {
        return addresses.stream()
                .map(address -> URI.create("http://%s/metrics".formatted(address)))
                .toList();
    }
}

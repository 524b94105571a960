package txlookup.consumer;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Whether the broker answers fetches. The lag that the client tells is of its latest answer, however old: without this, a
 * broker that is away would look like a log without news.
 */
final class BrokerAnswers {
    private static final String FETCHES = "fetch-total";

    private final @Nullable Metric fetches;
    private double seen;
    private boolean isNew;

    BrokerAnswers(Consumer<?, ?> kafka) {
        fetches = kafka.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(FETCHES))
                .map(metric -> (Metric) metric.getValue())
                .findFirst()
                .orElse(null);
    }

    /** Call after each poll. */
    void look() {
        double now = fetches == null ? seen : (Double) fetches.metricValue();
        isNew = now > seen;
        seen = now;
    }

    /** Whether a fetch was answered between the latest two looks. */
    boolean isNew() {
        return isNew;
    }
}

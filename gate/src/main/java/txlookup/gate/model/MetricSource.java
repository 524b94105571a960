package txlookup.gate.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an objective's values come from; a metric's labels are chosen by anchored regular expressions, as PromQL's {@code =~}. */
public sealed interface MetricSource {
    /** What can be read of a service's own metrics, and so by Prometheus too. */
    sealed interface OfService extends MetricSource {
        /** The service's name, such as {@code api}. */
        String process();
    }

    /**
     * A Prometheus histogram.
     *
     * @param metric its name without {@code _bucket}
     * @param each the label of which every value is judged for itself; null for all series together
     * @param values the label's values; empty for the environment's topics
     */
    public record Histogram(
            String process,
            String metric,
            Map<String, String> match,
            @Nullable String each,
            List<String> values) implements OfService {
        public Histogram {
            match = Map.copyOf(match);
            values = List.copyOf(values);
        }
    }

    /** A counter, by how much it grew. */
    public record Counter(String process, String metric, Map<String, String> match) implements OfService {
        public Counter {
            match = Map.copyOf(match);
        }
    }

    /** A gauge at every scrape. */
    public record Gauge(String process, String metric, Map<String, String> match) implements OfService {
        public Gauge {
            match = Map.copyOf(match);
        }
    }

    /**
     * For how many seconds a position has not moved while there was something to move to.
     *
     * @param position a gauge
     * @param backlog a gauge with the same labels, above 0 while there is something to do
     */
    public record Progress(String process, String position, String backlog) implements OfService {}

    /** What the gate asks the environment itself. */
    public record Reading(String name, Take take) implements MetricSource {}

    /** Which values of a reading count. */
    enum Take {
        EVERY,
        LAST
    }

    /** What the gate measures with its own lookups. */
    public record Load(Measure measure, @Nullable String each, List<String> values) implements MetricSource {
        public Load {
            values = List.copyOf(values);
        }
    }

    /** What of its own lookups is meant. */
    public enum Measure {
        LATENCY,
        FAILED,
        ALL
    }
}

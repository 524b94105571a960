package txlookup.gate.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of an environment, raw: nothing in it is judged, averaged or interpolated, so that it can be judged again
 * later and by another file.
 *
 * @param format {@value #FORMAT}; another number is another shape
 * @param asked how often each source was asked and answered
 * @param increases by how much counters grew, histograms' buckets among them
 * @param samples values at instants
 * @param latencies what the gate's own lookups took
 * @param absent readings that nobody made, with the reason
 */
public record Observation(
        String format,
        Environment environment,
        Instant from,
        Instant to,
        List<Asked> asked,
        List<Increase> increases,
        List<Samples> samples,
        List<Latencies> latencies,
        SortedMap<String, String> absent) {
    /** The shape that this build writes and reads. */
    public static final String FORMAT = "txlookup-observation/1";

    public Observation {
        asked = List.copyOf(asked);
        increases = List.copyOf(increases);
        samples = List.copyOf(samples);
        latencies = List.copyOf(latencies);
        absent = new TreeMap<>(absent);
    }

    /**
     * What was observed.
     *
     * @param name the profile's stage, owner and env
     * @param generation the generation's number; null where there is none
     * @param topics the effective topics, at least one
     */
    public record Environment(String name, @Nullable Long generation, List<String> topics) {
        public Environment {
            topics = List.copyOf(topics);
            if (topics.isEmpty()) {
                throw new IllegalArgumentException("The environment " + name + " has no topics; name at least one");
            }
        }
    }

    /**
     * One thing that was asked again and again.
     *
     * @param lastFailed whether the last answer was a failure
     * @param failure the latest failure; null where there was none
     */
    public record Asked(
            String source,
            String instance,
            int times,
            int failed,
            boolean lastFailed,
            @Nullable String failure) {}

    /**
     * A counter's growth from the first answer to the last; a counter that fell began anew from 0.
     *
     * @param resets how often it fell
     */
    public record Increase(
            String source, String instance, String metric, SortedMap<String, String> labels, double by, int resets) {
        public Increase {
            labels = new TreeMap<>(labels);
        }
    }

    /** One series of values. */
    public record Samples(
            String source, String instance, String name, SortedMap<String, String> labels, List<Point> points) {
        public Samples {
            labels = new TreeMap<>(labels);
            points = List.copyOf(points);
        }
    }

    /**
     * A value at an instant.
     *
     * @param atMillis since the observation began
     * @param value null where it was not known
     * @param detail what a person needs to act on it
     */
    public record Point(
            long atMillis, @Nullable Double value, @Nullable String detail) {}

    /**
     * The gate's own lookups of one route.
     *
     * @param histogram an HdrHistogram of microseconds from when a lookup was due to its answer, compressed, in base 64;
     *     lookups without an answer in time are in it with the time-out
     * @param failed without an answer, or with 5xx
     * @param answers how many by status or failure
     */
    public record Latencies(String route, String histogram, long all, long failed, SortedMap<String, Long> answers) {
        public Latencies {
            answers = new TreeMap<>(answers);
        }
    }

    /** Whether all these labels match. */
    public static boolean matches(Map<String, String> expressions, Map<String, String> labels) {
        return expressions.entrySet().stream()
                .allMatch(wanted -> labels.getOrDefault(wanted.getKey(), "").matches(wanted.getValue()));
    }
}

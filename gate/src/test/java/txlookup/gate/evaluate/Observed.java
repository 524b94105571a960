package txlookup.gate.evaluate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import txlookup.gate.model.Observation;
import txlookup.gate.model.Observation.Asked;
import txlookup.gate.model.Observation.Increase;
import txlookup.gate.model.Observation.Latencies;
import txlookup.gate.model.Observation.Point;
import txlookup.gate.model.Observation.Samples;

/** Observations written by hand. */
final class Observed {
    private static final Instant FROM = Instant.parse("2026-02-05T01:00:00Z");

    private final List<Asked> asked = new ArrayList<>();
    private final List<Increase> increases = new ArrayList<>();
    private final List<Samples> samples = new ArrayList<>();
    private final List<Latencies> latencies = new ArrayList<>();
    private final SortedMap<String, String> absent = new TreeMap<>();

    Observed answers(String process, int times, int failed, boolean lastFailed) {
        asked.add(new Asked(process, "http://" + process, times, failed, lastFailed, failed > 0 ? "refused" : null));
        return this;
    }

    Observed counter(String process, String metric, Map<String, String> labels, double by) {
        increases.add(new Increase(process, "http://" + process, metric, new TreeMap<>(labels), by, 0));
        return this;
    }

    /** @param counts each bucket's own count, by its bound */
    Observed histogram(String process, String metric, Map<String, String> labels, Map<String, Long> counts) {
        long sum = 0;
        for (String bound : counts.keySet().stream()
                .sorted((one, other) -> Double.compare(number(one), number(other)))
                .toList()) {
            sum += counts.get(bound);
            Map<String, String> all = new TreeMap<>(labels);
            all.put("le", bound);
            counter(process, metric + "_bucket", all, (double) sum);
        }
        return this;
    }

    private static double number(String bound) {
        return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
    }

    Observed series(String source, String name, Map<String, String> labels, @Nullable Double... values) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            points.add(new Point(i * 1000L, values[i], values[i] == null ? "not known" : name + " was " + values[i]));
        }
        samples.add(new Samples(source, "", name, new TreeMap<>(labels), points));
        return this;
    }

    Observed absent(String reading, String reason) {
        absent.put(reading, reason);
        return this;
    }

    Observation observation() {
        return new Observation(
                Observation.FORMAT,
                new Observation.Environment("local kim test", 20260205010000L, List.of("ledger", "orders")),
                FROM,
                FROM.plusSeconds(300),
                asked,
                increases,
                samples,
                latencies,
                absent);
    }
}

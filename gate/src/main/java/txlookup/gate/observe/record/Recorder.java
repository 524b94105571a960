package txlookup.gate.observe.record;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import txlookup.apply.metrics.MetricsText;
import txlookup.gate.model.Observation;
import txlookup.gate.model.Observation.Asked;
import txlookup.gate.model.Observation.Environment;
import txlookup.gate.model.Observation.Increase;
import txlookup.gate.model.Observation.Latencies;
import txlookup.gate.model.Observation.Point;
import txlookup.gate.model.Observation.Samples;
import txlookup.gate.model.SloFile;

/** Collects what sources see into one observation; used by one thread. */
public final class Recorder {
    /** The instant at which a process started, with its id: docs/metrics.md. */
    private static final String STARTED = "txlookup_process_started_seconds";

    private static final String INSTANCE = "instance";
    private static final double MILLIS = 1000;

    private final Environment environment;
    private final WantedMetrics wanted;
    private final Instant from;
    private final Map<Series, CounterIncrease> growths = new LinkedHashMap<>();
    private final Map<Series, List<Point>> samples = new LinkedHashMap<>();
    private final Map<Series, Answers> answers = new LinkedHashMap<>();
    private final List<Latencies> latencies = new ArrayList<>();
    private final SortedMap<String, String> absent = new TreeMap<>();
    private final Set<Series> replicas = new HashSet<>();
    private long atMillis;

    private record Series(String source, String instance, String name, SortedMap<String, String> labels) {}

    private static final class Answers {
        int times;
        int failed;
        boolean lastFailed;

        @Nullable
        String failure;
    }

    /** Begins an observation of what that file needs. */
    public Recorder(Environment environment, SloFile file, Instant from) {
        this.environment = environment;
        this.wanted = WantedMetrics.of(file);
        this.from = from;
    }

    /** What is recorded from here on is of that instant. */
    public void at(Instant now) {
        atMillis = Duration.between(from, now).toMillis();
    }

    public Instant now() {
        return from.plusMillis(atMillis);
    }

    public Instant from() {
        return from;
    }

    public WantedMetrics wanted() {
        return wanted;
    }

    public void answered(String source, String instance) {
        answers(source, instance).times++;
        answers(source, instance).lastFailed = false;
    }

    public void failed(String source, String instance, String failure) {
        Answers of = answers(source, instance);
        of.times++;
        of.failed++;
        of.lastFailed = true;
        of.failure = failure;
    }

    /** Whether everything that was asked so far has failed to answer, every time. */
    public boolean nothingAnswers() {
        return !answers.isEmpty() && answers.values().stream().allMatch(of -> of.failed == of.times);
    }

    public String failures() {
        StringBuilder all = new StringBuilder();
        answers.forEach((asked, of) -> all.append(all.isEmpty() ? "" : "; ")
                .append("%s at %s: %s".formatted(asked.source(), asked.instance(), of.failure)));
        return all.toString();
    }

    private Answers answers(String source, String instance) {
        return answers.computeIfAbsent(new Series(source, instance, "", new TreeMap<>()), unused -> new Answers());
    }

    /** Keeps of a service's metrics what the objectives speak of. */
    public void metrics(String process, String instance, List<MetricsText.Sample> text) {
        Optional<MetricsText.Sample> started =
                text.stream().filter(sample -> sample.name().equals(STARTED)).findFirst();
        // Several replicas may answer behind one address; each counts for itself.
        String replica = started.map(sample -> sample.labels().get(INSTANCE))
                .map(id -> instance + "#" + id)
                .orElse(instance);
        boolean begunBefore = started.filter(sample -> sample.value() * MILLIS >= from.toEpochMilli())
                .isEmpty();
        boolean first = begunBefore && replicas.add(new Series(process, replica, "", new TreeMap<>()));
        for (MetricsText.Sample sample : text) {
            Series series = new Series(process, replica, sample.name(), sample.labels());
            if (wanted.counters().contains(sample.name())) {
                // A series that was not there before began after the last look at this process, or with it, at 0.
                growths.computeIfAbsent(series, unused -> new CounterIncrease(first ? sample.value() : 0))
                        .seen(sample.value());
            } else if (wanted.gauges().contains(sample.name())) {
                point(series, Double.isNaN(sample.value()) ? null : sample.value(), null);
            }
        }
        answered(process, instance);
    }

    /** @param value null where it cannot be known, which {@code detail} explains */
    public void reading(
            String source, String name, Map<String, String> labels, @Nullable Double value, @Nullable String detail) {
        point(new Series(source, "", name, new TreeMap<>(labels)), value, detail);
    }

    /** @param at the instant that the value is of, which may be past */
    public void reading(
            String source, String name, Map<String, String> labels, double value, String detail, Instant at) {
        Series series = new Series(source, "", name, new TreeMap<>(labels));
        samples.computeIfAbsent(series, unused -> new ArrayList<>())
                .add(new Point(Duration.between(from, at).toMillis(), value, detail));
    }

    private void point(Series series, @Nullable Double value, @Nullable String detail) {
        samples.computeIfAbsent(series, unused -> new ArrayList<>()).add(new Point(atMillis, value, detail));
    }

    public void latencies(Latencies of) {
        latencies.add(of);
    }

    /** @param reason why nobody makes that reading here; it does not count where somebody did */
    public void absent(String reading, String reason) {
        absent.put(reading, reason);
    }

    /** What was seen, in a fixed order. */
    public Observation finish(Instant to) {
        List<Asked> asked = new ArrayList<>();
        answers.forEach((key, of) ->
                asked.add(new Asked(key.source(), key.instance(), of.times, of.failed, of.lastFailed, of.failure)));
        List<Increase> increases = new ArrayList<>();
        growths.forEach((key, of) -> increases.add(
                new Increase(key.source(), key.instance(), key.name(), key.labels(), of.by(), of.resets())));
        List<Samples> series = new ArrayList<>();
        samples.forEach((key, points) ->
                series.add(new Samples(key.source(), key.instance(), key.name(), key.labels(), points)));
        series.forEach(made -> absent.remove(made.name()));
        return new Observation(Observation.FORMAT, environment, from, to, asked, increases, series, latencies, absent);
    }
}

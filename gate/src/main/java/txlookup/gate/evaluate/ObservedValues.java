package txlookup.gate.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.gate.model.MetricSource;
import txlookup.gate.model.MetricSource.Counter;
import txlookup.gate.model.MetricSource.Gauge;
import txlookup.gate.model.MetricSource.Histogram;
import txlookup.gate.model.MetricSource.Load;
import txlookup.gate.model.MetricSource.Measure;
import txlookup.gate.model.MetricSource.Progress;
import txlookup.gate.model.MetricSource.Reading;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Observation;
import txlookup.gate.model.Observation.Increase;
import txlookup.gate.model.Observation.Latencies;
import txlookup.gate.model.Observation.Point;
import txlookup.gate.model.Observation.Samples;

/** Finds in an observation what an objective speaks of; what is not there, or not whole, is said to be missing. */
final class ObservedValues {
    private static final int FAILURES_BORNE_ONE_IN = 10;

    private final Observation observation;

    ObservedValues(Observation observation) {
        this.observation = observation;
    }

    /** What the observation cannot give, with the reason. */
    static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingException(String reason) {
            super(reason);
        }
    }

    /**
     * Values to judge.
     *
     * @param points in the order of time, those that were not seen at the worst; empty for histograms and counts
     */
    record Values(Distribution distribution, List<Point> points) {}

    /** The label values that are judged one by one; a single empty one where all are judged together. */
    List<Optional<String>> each(MetricSource source) {
        if (source instanceof Histogram histogram && histogram.each() != null) {
            List<String> values =
                    histogram.values().isEmpty() ? observation.environment().topics() : histogram.values();
            return values.stream().map(Optional::of).toList();
        }
        if (source instanceof Load load && load.each() != null) {
            return load.values().stream().map(Optional::of).toList();
        }
        return List.of(Optional.empty());
    }

    Values values(Objective.Threshold threshold, @Nullable String each) throws MissingException {
        MetricSource source = threshold.source();
        if (source instanceof Histogram histogram) {
            return new Values(Distribution.ofCumulative(cumulative(histogram, each)), List.of());
        }
        if (source instanceof Counter counter) {
            return new Values(Distribution.ofValues(List.of(count(counter))), List.of());
        }
        if (source instanceof Load) {
            return new Values(
                    Distribution.ofHistograms(
                            lookups(each).stream().map(Latencies::histogram).toList()),
                    List.of());
        }
        List<Point> points = points(source, threshold);
        return new Values(
                Distribution.ofValues(points.stream().map(Point::value).toList()), points);
    }

    /** How many of something there were; a bad counter that does not exist beside its total has counted nothing. */
    long counted(MetricSource source, boolean mayBeAbsent) throws MissingException {
        if (source instanceof Load load) {
            return lookups(null).stream()
                    .mapToLong(route -> load.measure() == Measure.FAILED ? route.failed() : route.all())
                    .sum();
        }
        Counter counter = (Counter) source;
        return mayBeAbsent && series(counter).isEmpty() ? 0 : Math.round(count(counter));
    }

    private double count(Counter counter) throws MissingException {
        requireAnswers(counter.process());
        List<Increase> series = series(counter);
        if (series.isEmpty()) {
            throw new MissingException(
                    "%s has no %s%s".formatted(counter.process(), counter.metric(), shown(counter.match())));
        }
        return series.stream().mapToDouble(Increase::by).sum();
    }

    private List<Increase> series(Counter counter) {
        return increases(counter.process(), counter.metric(), counter.match());
    }

    private List<Increase> increases(String process, String metric, Map<String, String> match) {
        return observation.increases().stream()
                .filter(one -> one.source().equals(process) && one.metric().equals(metric))
                .filter(one -> Observation.matches(match, one.labels()))
                .toList();
    }

    private NavigableMap<Double, Double> cumulative(Histogram histogram, @Nullable String each)
            throws MissingException {
        requireAnswers(histogram.process());
        NavigableMap<Double, Double> cumulative = new TreeMap<>();
        for (Increase one : increases(histogram.process(), histogram.metric() + "_bucket", histogram.match())) {
            if (each == null || each.equals(one.labels().get(histogram.each()))) {
                String bound = one.labels().getOrDefault("le", "+Inf");
                double atMost = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
                cumulative.merge(atMost, one.by(), Double::sum);
            }
        }
        return cumulative;
    }

    private List<Latencies> lookups(@Nullable String each) throws MissingException {
        List<Latencies> routes = observation.latencies().stream()
                .filter(route -> each == null || each.equals(route.route()))
                .toList();
        if (routes.isEmpty()) {
            throw new MissingException("the gate made no lookups" + (each == null ? "" : " of " + each));
        }
        return routes;
    }

    private List<Point> points(MetricSource source, Objective.Threshold threshold) throws MissingException {
        List<List<Point>> series;
        boolean lastOnly = false;
        if (source instanceof Gauge gauge) {
            requireAnswers(gauge.process());
            series = samples(gauge.process(), gauge.metric()).stream()
                    .filter(one -> Observation.matches(gauge.match(), one.labels()))
                    .map(Samples::points)
                    .toList();
        } else if (source instanceof Progress progress) {
            requireAnswers(progress.process());
            series = StalledSeries.of(
                    samples(progress.process(), progress.position()), samples(progress.process(), progress.backlog()));
        } else {
            Reading reading = (Reading) source;
            if (observation.absent().containsKey(reading.name())) {
                throw new MissingException(observation.absent().get(reading.name()));
            }
            series = observation.samples().stream()
                    .filter(one -> one.name().equals(reading.name()))
                    .map(Samples::points)
                    .toList();
            lastOnly = reading.take() == MetricSource.Take.LAST;
        }
        List<Point> points = lastOnly
                ? series.stream()
                        .filter(one -> !one.isEmpty())
                        .map(one -> one.get(one.size() - 1))
                        .toList()
                : series.stream().flatMap(List::stream).toList();
        return seen(threshold.timeslices() ? slices(points, threshold.op()) : points, threshold.op());
    }

    /** The worst of each instant, in their order; one that is not known makes its instant unknown. */
    private static List<Point> slices(List<Point> points, Objective.Op op) {
        Map<Long, Point> worst = new TreeMap<>();
        for (Point point : points) {
            worst.merge(point.atMillis(), point, (one, other) -> {
                if (one.value() == null || other.value() == null) {
                    return one.value() == null ? one : other;
                }
                return (one.value() >= other.value()) == op.wantsSmall() ? one : other;
            });
        }
        return new ArrayList<>(worst.values());
    }

    /** What was not seen is not passed: it counts as the worst that there can be, or there is no verdict at all. */
    private static List<Point> seen(List<Point> points, Objective.Op op) throws MissingException {
        List<Point> unknown =
                points.stream().filter(point -> point.value() == null).toList();
        if (points.isEmpty()) {
            throw new MissingException("nobody measured it");
        }
        if (unknown.size() * FAILURES_BORNE_ONE_IN > points.size()) {
            throw new MissingException("unknown %d times of %d, last: %s"
                    .formatted(
                            unknown.size(),
                            points.size(),
                            unknown.get(unknown.size() - 1).detail()));
        }
        return points.stream()
                .map(point -> point.value() != null ? point : notSeen(point, op))
                .toList();
    }

    private static Point notSeen(Point point, Objective.Op op) {
        return new Point(
                point.atMillis(),
                op.wantsSmall() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY,
                "not seen" + (point.detail() == null ? "" : ": " + point.detail()));
    }

    private List<Samples> samples(String process, String name) {
        return observation.samples().stream()
                .filter(one -> one.source().equals(process) && one.name().equals(name))
                .toList();
    }

    /** A source that went away, or was away for long, may hide anything. */
    private void requireAnswers(String process) throws MissingException {
        List<Observation.Asked> instances = observation.asked().stream()
                .filter(one -> one.source().equals(process))
                .toList();
        if (instances.isEmpty()) {
            throw new MissingException("the metrics of %s were not asked for".formatted(process));
        }
        for (Observation.Asked one : instances) {
            if (one.lastFailed() || one.failed() * FAILURES_BORNE_ONE_IN > one.times()) {
                throw new MissingException("the metrics of %s at %s did not answer %d times of %d, last: %s"
                        .formatted(process, one.instance(), one.failed(), one.times(), one.failure()));
            }
        }
    }

    private static String shown(Map<String, String> match) {
        return match.isEmpty()
                ? ""
                : match.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(label -> label.getKey() + "=~\"" + label.getValue() + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
    }
}

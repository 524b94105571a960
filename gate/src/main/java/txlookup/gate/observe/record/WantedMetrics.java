package txlookup.gate.observe.record;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import txlookup.gate.model.MetricSource;
import txlookup.gate.model.Objective;
import txlookup.gate.model.SloFile;

/**
 * The metrics that a file speaks of.
 *
 * @param counters names of what only grows
 * @param gauges names of what goes up and down
 * @param processOf the service that each is of
 */
public record WantedMetrics(Set<String> counters, Set<String> gauges, TreeMap<String, String> processOf) {
    public static WantedMetrics of(SloFile file) {
        WantedMetrics wanted = new WantedMetrics(new TreeSet<>(), new TreeSet<>(), new TreeMap<>());
        file.objectives().forEach(objective -> sources(objective).forEach(wanted::add));
        return wanted;
    }

    private static Stream<MetricSource> sources(Objective objective) {
        if (objective.indicator() instanceof Objective.Ratio ratio) {
            return Stream.of(ratio.bad(), ratio.total());
        }
        return Stream.of(((Objective.Threshold) objective.indicator()).source());
    }

    private void add(MetricSource source) {
        if (source instanceof MetricSource.Histogram histogram) {
            add(counters, histogram.metric() + "_bucket", histogram.process());
        } else if (source instanceof MetricSource.Counter counter) {
            add(counters, counter.metric(), counter.process());
        } else if (source instanceof MetricSource.Gauge gauge) {
            add(gauges, gauge.metric(), gauge.process());
        } else if (source instanceof MetricSource.Progress progress) {
            add(gauges, progress.position(), progress.process());
            add(gauges, progress.backlog(), progress.process());
        }
    }

    private void add(Set<String> names, String name, String process) {
        names.add(name);
        processOf.put(name, process);
    }
}

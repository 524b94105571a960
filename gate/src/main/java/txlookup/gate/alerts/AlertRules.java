package txlookup.gate.alerts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import txlookup.gate.alerts.RuleGroup.Breach;
import txlookup.gate.model.MetricSource;
import txlookup.gate.model.Objective;
import txlookup.gate.model.SloFile;
import txlookup.gate.report.OpenMetricsReport;

/** Every rule that a file of objectives gives. */
final class AlertRules {
    private static final String SILENT_FOR = "5m";

    private AlertRules() {}

    static List<RuleGroup> of(SloFile file) {
        List<RuleGroup> groups = new ArrayList<>();
        for (Objective objective : file.objectives()) {
            new ObjectiveRules(objective).group().ifPresent(groups::add);
        }
        metrics(file).forEach((metric, process) -> groups.add(absent(metric, process)));
        groups.add(gate());
        return groups;
    }

    /** Metrics that a running service always has, each with its service. */
    static SortedMap<String, String> metrics(SloFile file) {
        SortedMap<String, String> metrics = new TreeMap<>();
        for (Objective objective : file.objectives()) {
            if (objective.indicator() instanceof Objective.Ratio ratio) {
                add(metrics, ratio.bad());
                add(metrics, ratio.total());
            } else {
                add(metrics, ((Objective.Threshold) objective.indicator()).source());
            }
        }
        return metrics;
    }

    private static void add(Map<String, String> metrics, MetricSource source) {
        if (source instanceof MetricSource.Histogram histogram) {
            metrics.put(histogram.metric() + "_count", histogram.process());
        } else if (source instanceof MetricSource.Counter counter) {
            metrics.put(counter.metric(), counter.process());
        } else if (source instanceof MetricSource.Gauge gauge) {
            metrics.put(gauge.metric(), gauge.process());
        } else if (source instanceof MetricSource.Progress progress) {
            metrics.put(progress.position(), progress.process());
            metrics.put(progress.backlog(), progress.process());
        }
    }

    /** Silence would look like health: no series, no breach. */
    private static RuleGroup absent(String metric, String process) {
        AlertRule alert = new AlertRule.Alert(
                alertName(metric),
                "absent(%s)".formatted(metric),
                SILENT_FOR,
                new TreeMap<>(Map.of("metric", metric, "process", process, "severity", "page")),
                new TreeMap<>(Map.of(
                        "summary", metric + " is not there",
                        "description",
                                "No process of " + process + " is scraped, so its objectives cannot be judged.")));
        return new RuleGroup(
                "txlookup-absent-" + metric.replace('_', '-'),
                List.of(alert),
                new Breach(Map.of(metric, "_x%d 1x%d".formatted(Breach.BAD_MINUTES, Breach.GOOD_MINUTES)), Map.of()));
    }

    /** One name a metric, for a name is what silences and tests go by. */
    private static String alertName(String metric) {
        StringBuilder name = new StringBuilder("TxlookupAbsent");
        for (String word : metric.replaceFirst("^txlookup_", "").split("_", -1)) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return name.toString();
    }

    /** For what only the gate can ask: it holds until the gate has passed. */
    private static RuleGroup gate() {
        Map<String, String> labels = new TreeMap<>(Map.of("environment", "any", "objective", "coverage"));
        Map<String, String> failed = new TreeMap<>(labels);
        failed.put(OpenMetricsReport.VERDICT, "FAIL");
        AlertRule alert = new AlertRule.Alert(
                "TxlookupGateFailed",
                "max by (environment, objective) (%s{%s=\"FAIL\"}) == 1"
                        .formatted(OpenMetricsReport.VERDICT, OpenMetricsReport.VERDICT),
                "0m",
                new TreeMap<>(Map.of("severity", "ticket")),
                new TreeMap<>(Map.of(
                        "summary", "An objective failed in the last run of the gate",
                        "description",
                                "Run txlookup slo-gate again when it is mended; the alert ends with its verdict.")));
        return new RuleGroup(
                "txlookup-gate",
                List.of(alert),
                new Breach(
                        Map.of(
                                ObjectiveRules.series(OpenMetricsReport.VERDICT, failed),
                                "1x%d 0x%d".formatted(Breach.BAD_MINUTES, Breach.GOOD_MINUTES)),
                        labels));
    }
}

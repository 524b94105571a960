package txlookup.gate.alerts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.gate.model.MetricSource;
import txlookup.gate.model.MetricSource.Counter;
import txlookup.gate.model.MetricSource.Gauge;
import txlookup.gate.model.MetricSource.Histogram;
import txlookup.gate.model.MetricSource.Progress;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Objective.Ratio;
import txlookup.gate.model.Objective.Threshold;
import txlookup.gate.model.SloFile;
import txlookup.gate.report.OpenMetricsReport;

/** A Grafana dashboard: a panel an objective, with its limit, and the gate's verdicts. */
final class Dashboard {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Map<String, Object> DATA_SOURCE = ordered("type", "prometheus", "uid", "${datasource}");
    private static final int WIDTH = 12;
    private static final int HEIGHT = 8;
    private static final int SCHEMA_VERSION = 39;

    private final List<Map<String, Object>> panels = new ArrayList<>();

    private Dashboard() {}

    static String of(SloFile file) {
        Dashboard dashboard = new Dashboard();
        file.objectives().forEach(dashboard::add);
        dashboard.panel(
                "Verdicts of the last gate run",
                "FAIL 1 means that the objective failed.",
                List.of(query(
                        "max by (objective, each) (%s{%s=\"FAIL\"})"
                                .formatted(OpenMetricsReport.VERDICT, OpenMetricsReport.VERDICT),
                        "{{objective}} {{each}}")),
                "none",
                null);
        Map<String, Object> whole = ordered(
                "title",
                "txlookup objectives",
                "uid",
                "txlookup-objectives",
                "description",
                "Generated from profiles/slo/default.yaml by txlookup alerts.",
                "schemaVersion",
                SCHEMA_VERSION,
                "editable",
                true,
                "refresh",
                "30s",
                "tags",
                List.of("txlookup"),
                "time",
                ordered("from", "now-1h", "to", "now"));
        whole.put(
                "templating",
                Map.of("list", List.of(ordered("name", "datasource", "type", "datasource", "query", "prometheus"))));
        whole.put("panels", dashboard.panels);
        return JSON.writeValueAsString(whole) + "\n";
    }

    private void add(Objective objective) {
        String title = objective.title();
        String description = objective.description();
        if (objective.indicator() instanceof Ratio ratio) {
            if (ratio.bad() instanceof Counter bad && ratio.total() instanceof Counter total) {
                String share = "(sum (rate(%s[$__rate_interval])) or vector(0)) / sum (rate(%s[$__rate_interval]))"
                        .formatted(
                                PromQl.selector(bad.metric(), bad.match()),
                                PromQl.selector(total.metric(), total.match()));
                panel(
                        title,
                        description,
                        List.of(query(share, "failed")),
                        "percentunit",
                        1 - objective.target().doubleValue());
            }
            return;
        }
        Threshold threshold = (Threshold) objective.indicator();
        MetricSource source = threshold.source();
        double limit = threshold.limit().doubleValue();
        if (source instanceof Histogram histogram) {
            String by = histogram.each() == null ? "le" : "le, " + histogram.each();
            String quantile = "histogram_quantile(%s, sum by (%s) (rate(%s[$__rate_interval])))"
                    .formatted(
                            objective.target().toPlainString(),
                            by,
                            PromQl.selector(histogram.metric() + "_bucket", PromQl.match(histogram)));
            panel(
                    title,
                    description,
                    List.of(query(quantile, histogram.each() == null ? "" : "{{" + histogram.each() + "}}")),
                    "s",
                    limit);
        } else if (source instanceof Counter counter) {
            panel(
                    title,
                    description,
                    List.of(query(
                            "sum (increase(%s[$__rate_interval]))"
                                    .formatted(PromQl.selector(counter.metric(), counter.match())),
                            "new")),
                    "short",
                    limit);
        } else if (source instanceof Gauge gauge) {
            panel(
                    title,
                    description,
                    List.of(query(PromQl.selector(gauge.metric(), gauge.match()), "")),
                    "short",
                    limit);
        } else if (source instanceof Progress progress) {
            panel(
                    title,
                    description,
                    List.of(
                            query(
                                    "max by (topic, partition) (%s)".formatted(progress.backlog()),
                                    "{{topic}}-{{partition}} waiting"),
                            query(
                                    "max by (topic, partition) (rate(%s[$__rate_interval]))"
                                            .formatted(progress.position()),
                                    "{{topic}}-{{partition}} a second")),
                    "short",
                    null);
        }
    }

    private void panel(
            String title, String description, List<Map<String, Object>> targets, String unit, @Nullable Double limit) {
        int number = panels.size();
        List<Map<String, Object>> lettered = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Map<String, Object> target =
                    ordered("refId", Character.toString((char) ('A' + i)), "datasource", DATA_SOURCE);
            target.putAll(targets.get(i));
            lettered.add(target);
        }
        Map<String, Object> defaults = ordered("unit", unit, "min", 0);
        if (limit != null) {
            List<Map<String, Object>> steps = new ArrayList<>();
            Map<String, Object> green = ordered("color", "green");
            green.put("value", null);
            steps.add(green);
            steps.add(ordered("color", "red", "value", limit));
            defaults.put("thresholds", ordered("mode", "absolute", "steps", steps));
            defaults.put("custom", Map.of("thresholdsStyle", Map.of("mode", "line")));
        }
        panels.add(ordered(
                "id",
                number + 1,
                "type",
                "timeseries",
                "title",
                title,
                "description",
                description,
                "datasource",
                DATA_SOURCE,
                "gridPos",
                ordered("x", number % 2 * WIDTH, "y", number / 2 * HEIGHT, "w", WIDTH, "h", HEIGHT),
                "targets",
                lettered,
                "fieldConfig",
                ordered("defaults", defaults, "overrides", List.of())));
    }

    private static Map<String, Object> query(String expression, String legend) {
        return ordered("expr", expression, "legendFormat", legend);
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }
}

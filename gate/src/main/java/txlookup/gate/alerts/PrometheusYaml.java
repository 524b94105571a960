package txlookup.gate.alerts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import txlookup.gate.alerts.RuleGroup.Breach;

/** Rules as a Prometheus reads them, and what its promtool tests them with. */
final class PrometheusYaml {
    // Strings stay quoted: promtool's 0x30 is thirty zeros, and YAML's is forty-eight.
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();
    private static final String HEAD = "# Generated from profiles/slo/default.yaml by txlookup alerts; do not edit.\n";
    private static final String EVERY = "1m";
    // A test does not need every minute, and takes a fifth of the time.
    private static final String TESTED_EVERY = "5m";
    private static final String DURING = (Breach.BAD_MINUTES - 5) + "m";
    private static final String AFTER = (Breach.BAD_MINUTES + Breach.GOOD_MINUTES - 10) + "m";
    private static final List<String> NOT_OVER_YET = List.of("_1d", "_3d");

    private PrometheusYaml() {}

    static String rules(List<RuleGroup> groups) {
        return write(Map.of("groups", groups.stream().map(PrometheusYaml::group).toList()));
    }

    static String tests(List<RuleGroup> groups) {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("rule_files", List.of("rules.yaml"));
        whole.put("evaluation_interval", TESTED_EVERY);
        whole.put("tests", groups.stream().map(PrometheusYaml::test).toList());
        return write(whole);
    }

    private static String write(Object whole) {
        return HEAD + YAML.writeValueAsString(whole);
    }

    private static Map<String, Object> group(RuleGroup group) {
        Map<String, Object> yaml = new LinkedHashMap<>();
        yaml.put("name", group.name());
        yaml.put("interval", EVERY);
        yaml.put("rules", group.rules().stream().map(PrometheusYaml::rule).toList());
        return yaml;
    }

    private static Map<String, Object> rule(AlertRule rule) {
        Map<String, Object> yaml = new LinkedHashMap<>();
        if (rule instanceof AlertRule.Recording recording) {
            yaml.put("record", recording.name());
            yaml.put("expr", recording.expression());
        } else if (rule instanceof AlertRule.Alert alert) {
            yaml.put("alert", alert.name());
            yaml.put("expr", alert.expression());
            yaml.put("for", alert.lasting());
            yaml.put("labels", alert.labels());
            yaml.put("annotations", alert.annotations());
        }
        return yaml;
    }

    private static Map<String, Object> test(RuleGroup group) {
        Map<String, Object> yaml = new LinkedHashMap<>();
        yaml.put("name", group.name());
        yaml.put("interval", EVERY);
        yaml.put(
                "input_series",
                new TreeMap<>(group.breach().series())
                        .entrySet().stream()
                                .map(series -> Map.of("series", series.getKey(), "values", series.getValue()))
                                .map(TreeMap::new)
                                .toList());
        List<Object> values = new ArrayList<>();
        group.recordings().forEach(recording -> {
            values.add(value(recording, group, DURING, 1));
            if (NOT_OVER_YET.stream().noneMatch(recording.name()::endsWith)) {
                values.add(value(recording, group, AFTER, 0));
            }
        });
        if (!values.isEmpty()) {
            yaml.put("promql_expr_test", values);
        }
        List<Object> alerts = new ArrayList<>();
        group.alerts().forEach(alert -> {
            alerts.add(alert(alert, DURING, List.of(fired(alert, group.breach()))));
            alerts.add(alert(alert, AFTER, List.of()));
        });
        yaml.put("alert_rule_test", alerts);
        return yaml;
    }

    private static Map<String, Object> value(AlertRule.Recording recording, RuleGroup group, String at, int value) {
        Map<String, Object> yaml = new LinkedHashMap<>();
        yaml.put("expr", recording.name());
        yaml.put("eval_time", at);
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put(
                "labels",
                ObjectiveRules.series(
                        recording.name(), new TreeMap<>(group.breach().labels())));
        sample.put("value", value);
        yaml.put("exp_samples", List.of(sample));
        return yaml;
    }

    private static Map<String, Object> alert(AlertRule.Alert alert, String at, List<Object> expected) {
        Map<String, Object> yaml = new LinkedHashMap<>();
        yaml.put("eval_time", at);
        yaml.put("alertname", alert.name());
        yaml.put("exp_alerts", expected);
        return yaml;
    }

    private static Map<String, Object> fired(AlertRule.Alert alert, Breach breach) {
        Map<String, String> labels = new TreeMap<>(breach.labels());
        labels.putAll(alert.labels());
        Map<String, Object> yaml = new LinkedHashMap<>();
        yaml.put("exp_labels", labels);
        yaml.put("exp_annotations", alert.annotations());
        return yaml;
    }
}

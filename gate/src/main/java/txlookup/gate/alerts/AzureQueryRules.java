package txlookup.gate.alerts;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import txlookup.gate.model.MetricSource.Counter;
import txlookup.gate.model.MetricSource.Histogram;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Objective.Ratio;
import txlookup.gate.model.Objective.Threshold;
import txlookup.gate.model.SloFile;

/**
 * Rules on a Log Analytics workspace, for where there is no managed Prometheus: scraped series are rows of {@code
 * InsightsMetrics}. They count from the raw buckets, as the gate does; a percentile of sums would be none.
 */
final class AzureQueryRules {
    private static final String TYPE = "Microsoft.Insights/scheduledQueryRules";
    private static final String API_VERSION = "2023-12-01";
    private static final BigDecimal BURN = new BigDecimal("6");

    // A counter that fell began anew from 0.
    private static final String GROWTH = """
            InsightsMetrics
            | where Namespace == "prometheus" and Name in (%s)
            | extend Labels = parse_json(Tags)%s
            | sort by Name asc, Tags asc, Computer asc, TimeGenerated asc
            | extend Same = prev(Name) == Name and prev(Tags) == Tags and prev(Computer) == Computer
            | extend Growth = iff(not(Same), 0.0, iff(Val >= prev(Val), Val - prev(Val), Val))
            """;

    private static final String HISTOGRAM = """
            %s| summarize Good = sumif(Growth, todouble(Labels.le) == %s), Total = sumif(Growth, tostring(Labels.le) == "+Inf")%s
            | where Total > 0
            | extend BadShare = 1.0 - Good / Total""";

    private static final String RATIO = """
            %s| summarize Bad = sumif(Growth, %s), Total = sum(Growth)
            | where Total > 0
            | extend BadShare = Bad / Total""";

    private static final String COUNTER = "%s| summarize BadShare = sum(Growth)";

    private static final String PRESENT = """
            InsightsMetrics
            | where Namespace == "prometheus" and Name == "%s\"""";

    private AzureQueryRules() {}

    static String template(SloFile file) {
        List<Map<String, Object>> resources = new ArrayList<>();
        for (Objective objective : file.objectives()) {
            if (!objective.optional()) {
                add(objective, resources);
            }
        }
        AlertRules.metrics(file).forEach((metric, process) -> resources.add(absent(metric, process)));
        return ArmTemplate.of(
                Map.entry("workspaceId", "Resource id of the Log Analytics workspace that holds the metrics."),
                resources);
    }

    private static void add(Objective objective, List<Map<String, Object>> resources) {
        BigDecimal borne = BigDecimal.ONE.subtract(objective.target()).multiply(BURN);
        if (objective.indicator() instanceof Ratio ratio) {
            if (ratio.bad() instanceof Counter bad && ratio.total() instanceof Counter total) {
                String query = RATIO.formatted(growth(List.of(total.metric()), total.match()), condition(bad.match()));
                resources.add(rule(objective, query, borne, List.of()));
            }
            return;
        }
        Threshold threshold = (Threshold) objective.indicator();
        if (threshold.source() instanceof Histogram histogram) {
            List<String> each = histogram.each() == null ? List.of() : List.of(column(histogram.each()));
            String by = each.isEmpty() ? "" : " by %s = tostring(Labels.%s)".formatted(each.get(0), histogram.each());
            String query = HISTOGRAM.formatted(
                    growth(List.of(histogram.metric() + "_bucket"), PromQl.match(histogram)),
                    threshold.limit().toPlainString(),
                    by);
            resources.add(rule(objective, query, borne, each));
        } else if (threshold.source() instanceof Counter counter) {
            String query = COUNTER.formatted(growth(List.of(counter.metric()), counter.match()));
            resources.add(rule(objective, query, threshold.limit(), List.of()));
        }
    }

    private static String growth(List<String> metrics, Map<String, String> match) {
        String names = String.join(
                ", ", metrics.stream().map(name -> "\"" + name + "\"").toList());
        return GROWTH.formatted(names, match.isEmpty() ? "" : "\n| where " + condition(match));
    }

    private static String condition(Map<String, String> match) {
        return String.join(
                " and ",
                new TreeMap<>(match)
                        .entrySet().stream()
                                .map(label -> "tostring(Labels.%s) matches regex @\"^(?:%s)$\""
                                        .formatted(label.getKey(), label.getValue()))
                                .toList());
    }

    private static String column(String label) {
        return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }

    private static Map<String, Object> rule(
            Objective objective, String query, BigDecimal limit, List<String> dimensions) {
        Map<String, Object> criterion = new LinkedHashMap<>();
        criterion.put("query", query);
        criterion.put("timeAggregation", "Maximum");
        criterion.put("metricMeasureColumn", "BadShare");
        criterion.put("operator", "GreaterThan");
        criterion.put("threshold", limit);
        criterion.put(
                "dimensions",
                dimensions.stream().map(AzureQueryRules::dimension).toList());
        return rule(objective.name(), objective.title(), objective.description(), criterion);
    }

    private static Map<String, Object> dimension(String name) {
        Map<String, Object> dimension = new LinkedHashMap<>();
        dimension.put("name", name);
        dimension.put("operator", "Include");
        dimension.put("values", List.of("*"));
        return dimension;
    }

    private static Map<String, Object> absent(String metric, String process) {
        Map<String, Object> criterion = new LinkedHashMap<>();
        criterion.put("query", PRESENT.formatted(metric));
        criterion.put("timeAggregation", "Count");
        criterion.put("operator", "LessThan");
        criterion.put("threshold", 1);
        return rule(
                "absent-" + metric.replace('_', '-'),
                metric + " is not there",
                "No process of " + process + " is scraped, so its objectives cannot be judged.",
                criterion);
    }

    private static Map<String, Object> rule(
            String name, String title, String description, Map<String, Object> criterion) {
        criterion.put(
                "failingPeriods", new TreeMap<>(Map.of("numberOfEvaluationPeriods", 1, "minFailingPeriodsToAlert", 1)));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("displayName", title);
        properties.put("description", description);
        properties.put("severity", 2);
        properties.put("enabled", true);
        properties.put("scopes", List.of("[parameters('workspaceId')]"));
        properties.put("evaluationFrequency", "PT5M");
        properties.put("windowSize", "PT30M");
        properties.put("criteria", Map.of("allOf", List.of(criterion)));
        properties.put("autoMitigate", true);
        properties.put("actions", Map.of("actionGroups", "[parameters('actionGroupIds')]"));
        Map<String, Object> resource = ArmTemplate.resource(TYPE, API_VERSION, name);
        resource.put("kind", "LogAlert");
        resource.put("properties", properties);
        return resource;
    }
}

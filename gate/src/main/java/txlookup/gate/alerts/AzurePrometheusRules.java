package txlookup.gate.alerts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The same rules for an Azure Monitor workspace, which reads PromQL (managed Prometheus). */
final class AzurePrometheusRules {
    private static final String TYPE = "Microsoft.AlertsManagement/prometheusRuleGroups";
    private static final String API_VERSION = "2023-03-01";
    private static final int CRITICAL = 1;
    private static final int WARNING = 3;

    private AzurePrometheusRules() {}

    static String template(List<RuleGroup> groups) {
        return ArmTemplate.of(
                Map.entry("monitorWorkspaceId", "Resource id of the Azure Monitor workspace that holds the metrics."),
                groups.stream().map(AzurePrometheusRules::resource).toList());
    }

    private static Map<String, Object> resource(RuleGroup group) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("enabled", true);
        properties.put("scopes", List.of("[parameters('monitorWorkspaceId')]"));
        properties.put("interval", "PT1M");
        properties.put(
                "rules", group.rules().stream().map(AzurePrometheusRules::rule).toList());
        Map<String, Object> resource = ArmTemplate.resource(TYPE, API_VERSION, group.name());
        resource.put("properties", properties);
        return resource;
    }

    private static Map<String, Object> rule(AlertRule rule) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (rule instanceof AlertRule.Recording recording) {
            json.put("record", recording.name());
            json.put("expression", ArmTemplate.literal(recording.expression()));
        } else if (rule instanceof AlertRule.Alert alert) {
            json.put("alert", alert.name());
            json.put("enabled", true);
            json.put("expression", ArmTemplate.literal(alert.expression()));
            json.put("for", "PT" + alert.lasting().toUpperCase(Locale.ROOT));
            json.put("severity", "page".equals(alert.labels().get("severity")) ? CRITICAL : WARNING);
            json.put("labels", alert.labels());
            json.put("annotations", alert.annotations());
            // One expression for all: a copy loop cannot stand within a rule.
            json.put(
                    "actions",
                    "[map(parameters('actionGroupIds'), lambda('id', createObject('actionGroupId', lambdaVariables('id'))))]");
        }
        return json;
    }
}

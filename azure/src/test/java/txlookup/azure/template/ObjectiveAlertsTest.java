package txlookup.azure.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import txlookup.gate.model.MetricSource.Counter;
import txlookup.gate.model.MetricSource.Histogram;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Objective.Ratio;
import txlookup.gate.model.Objective.Threshold;
import txlookup.gate.model.SloFile;
import txlookup.gate.model.SloFileException;
import txlookup.profiles.Profile;

/** What is deployed says what the objectives say, also where those are others than the shipped ones. */
class ObjectiveAlertsTest {
    private static final Map<String, String> OBJECTIVES = Map.of(
            "alfresh", "freshness-events",
            "aldead", "dead-letters-new",
            "allat", "api-latency",
            "alerr", "api-errors");

    @Test
    void everyDeployedLimitAndQueryIsTheObjectives() throws Exception {
        String shipped = Files.readString(Path.of("..", "profiles", "slo", "default.yaml"));
        requireAgreement(SloFile.parse("shipped", shipped));
        String other = shipped.replace("op: lt, value: 0.2, target: 0.95}", "op: lt, value: 0.35, target: 0.9}")
                .replace("op: lt, value: 5, target: 0.95}", "op: lt, value: 2.5, target: 0.995}")
                .replace("displayName: answered, target: 0.98", "displayName: answered, target: 0.9975")
                .replace("result: dead", "result: \"dead|late\"");
        assertThat(other).isNotEqualTo(shipped).contains("value: 0.35", "value: 2.5", "0.9975", "dead|late");
        requireAgreement(SloFile.parse("other", other));
    }

    @Test
    void aFileWhoseObjectiveTheRowsCannotAnswerIsRefused() throws Exception {
        String shipped = Files.readString(Path.of("..", "profiles", "slo", "default.yaml"));
        SloFile none = SloFile.parse("none", shipped.replace("name: freshness-events", "name: freshness-otherwise"));
        assertThatThrownBy(() -> deployed(none))
                .isInstanceOf(SloFileException.class)
                .hasMessageContaining("no objective freshness-events");
        SloFile upsideDown = SloFile.parse(
                "up", shipped.replace("op: lt, value: 5, target: 0.95}", "op: gt, value: 5, target: 0.95}"));
        assertThatThrownBy(() -> deployed(upsideDown))
                .isInstanceOf(SloFileException.class)
                .hasMessageContaining("freshness-events is no histogram");
    }

    private static void requireAgreement(SloFile file) {
        Map<String, JsonNode> rules = deployed(file);
        OBJECTIVES.forEach((token, name) -> {
            JsonNode rule = rules.get(token);
            String query = rule.path("query").asString();
            Objective objective = file.objective(name);
            BigDecimal limit = rule.path("threshold").decimalValue();
            assertThat(query).startsWith("union isfuzzy=true (datatable(").contains(">= datetime(" + Evaluated.CUTOVER);
            if (objective.indicator() instanceof Ratio ratio) {
                Counter bad = (Counter) ratio.bad();
                assertThat(limit).isEqualByComparingTo(BigDecimal.ONE.subtract(objective.target()));
                assertThat(query)
                        .contains("Name == \"" + bad.metric().replace("_count", "") + "\"")
                        .contains(" and tostring(Properties.route) matches regex @\"^(?:/admin/.*)$\" |")
                        .contains("sumif(ItemCount, tostring(Properties.status) matches regex @\"^(?:%s)$\")"
                                .formatted(bad.match().get("status")));
                return;
            }
            Threshold threshold = (Threshold) objective.indicator();
            assertThat(limit).as(name).isEqualByComparingTo(threshold.limit());
            assertThat(rule.path("operator").asString()).isEqualTo("GreaterThan");
            if (threshold.source() instanceof Histogram histogram) {
                String share = objective
                        .target()
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString();
                assertThat(query)
                        .contains("Name == \"" + histogram.metric() + "\"")
                        .contains("percentile(Sum / ItemCount, " + share + ")");
                histogram.values().forEach(value -> assertThat(query).contains("@\"" + value + "\""));
            } else {
                Counter counter = (Counter) threshold.source();
                String wanted = counter.match().get("result");
                assertThat(query)
                        .contains("Name == \"" + counter.metric() + "\"")
                        .contains(
                                wanted.equals("dead")
                                        ? "tostring(Properties.result) == \"dead\""
                                        : "tostring(Properties.result) matches regex @\"^(?:dead|late)$\"");
            }
        });
    }

    /** Each rule's criterion, by what its name begins with. */
    private static Map<String, JsonNode> deployed(SloFile file) {
        Profile profile = Environments.profile("cloud-test", "kim", "dev");
        Map<String, JsonNode> parameters = new EnvironmentParameters(profile, Environments.inputs(profile))
                .monitoring(Evaluated.GENERATION, Evaluated.CUTOVER, file);
        Map<String, JsonNode> rules = new LinkedHashMap<>();
        new TemplateEvaluation(
                        TemplateLayer.MONITORING.template(),
                        parameters,
                        "11111111-2222-3333-4444-555555555555",
                        "team4-txlookup-rg-kim-dev",
                        LiveResources.unknown())
                .resources().stream()
                        .filter(made -> made.id().contains("scheduledQueryRules"))
                        .forEach(made -> rules.put(
                                made.body().path("name").asString().split("-", -1)[2],
                                made.body()
                                        .path("properties")
                                        .path("criteria")
                                        .path("allOf")
                                        .path(0)));
        return rules;
    }
}

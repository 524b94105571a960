package txlookup.gate.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.gate.evaluate.Objectives;

class SloFileTest {
    private static final Path DEFAULT = Path.of("..", "profiles", "slo", "default.yaml");

    @Test
    void theShippedFileHoldsWhatThePolicyAsksFor() {
        assertThat(SloFile.shipped().objectives())
                .extracting(Objective::name)
                .contains(
                        "api-latency",
                        "api-errors",
                        "freshness-events",
                        "freshness-time",
                        "freshness-canary",
                        "canary-lost",
                        "dead-letters",
                        "coverage",
                        "headroom",
                        "pairs",
                        "migration-head",
                        "smoke",
                        "catch-up",
                        "availability");
    }

    /** docs/policy.md, gate 2. */
    @Test
    void theShippedFileWantsWhatThePolicyWants() {
        SloFile file = SloFile.shipped();

        assertThat(limit(file, "api-latency")).isEqualByComparingTo("0.2");
        assertThat(limit(file, "freshness-events")).isEqualByComparingTo("5");
        assertThat(limit(file, "freshness-time")).isEqualByComparingTo("5");
        assertThat(limit(file, "freshness-canary")).isEqualByComparingTo("5");
        assertThat(limit(file, "dead-letters")).isEqualByComparingTo("0");
        assertThat(objective(file, "api-errors").target()).isEqualByComparingTo("0.98");
        assertThat(objective(file, "api-latency").minimumSample()).isEqualTo(500);
    }

    @Test
    void theFileSaysWhenDataIsStale() {
        assertThat(SloFile.shipped().staleAfter()).isEqualTo(Duration.ofSeconds(5));

        SloFile without = new SloFile("mine.yaml", "", List.of(objective(SloFile.shipped(), "dead-letters")));
        assertThatThrownBy(without::staleAfter)
                .isInstanceOf(SloFileException.class)
                .hasMessageContaining("mine.yaml has no objective freshness-time");
    }

    private static BigDecimal limit(SloFile file, String name) {
        return ((Objective.Threshold) objective(file, name).indicator()).limit();
    }

    private static Objective objective(SloFile file, String name) {
        return file.objectives().stream()
                .filter(objective -> objective.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anUnknownFieldIsRefusedWithItsLine() throws Exception {
        String text = Files.readString(DEFAULT).replaceFirst("  service: txlookup", "  servise: txlookup");
        long line = text.lines().takeWhile(one -> !one.contains("servise")).count() + 1;

        assertThatThrownBy(() -> SloFile.parse("my.yaml", text))
                .isInstanceOf(SloFileException.class)
                .hasMessageStartingWith("my.yaml line " + line + ": spec.servise: unknown; known there: ")
                .hasMessageContaining("service");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "op: lt, value: 0.2    | op: below, value: 0.2 | spec.objectives[0].op: saw below, wanted one of [lt, lte, gte, gt]",
                "target: 0.95          | target: 95            | spec.objectives[0].target: saw 95, wanted a share above 0 and at most 1",
                "kind: SLO             | kind: Service         | kind: saw Service, wanted SLO",
                "openslo/v1            | openslo/v2            | apiVersion: saw openslo/v2, wanted openslo/v1",
                "budgetingMethod: Occurrences | budgetingMethod: Often | spec.budgetingMethod: saw Often, wanted Occurrences or Timeslices",
                "type: Histogram       | type: Summary         | metricSource.type: saw Summary, wanted Histogram",
                "process: api          | take: last            | metricSource.spec.take: unknown for a Histogram",
                "metric: latency       | metric: 'a b'         | metricSource.spec.metric: saw a b, wanted a metric",
                "txlookup/optional     | txlookup/obtional     | metadata.annotations.txlookup/obtional",
                "name: threshold       | name: Threshold       | metadata.name: saw Threshold"
            })
    void whatCannotBeJudgedIsRefusedWithItsPath(String seen, String instead, String message) {
        String document = Objectives.document(
                "threshold",
                "txlookup/optional: \"true\"",
                "      thresholdMetric:\n        metricSource: {type: Histogram, spec: {process: api, metric: latency}}",
                "Occurrences",
                "op: lt, value: 0.2, target: 0.95");
        assertThat(SloFile.parse("my.yaml", document).objectives()).hasSize(1);
        assertThat(document).contains(seen);

        assertThatThrownBy(() -> SloFile.parse("my.yaml", document.replace(seen, instead)))
                .isInstanceOf(SloFileException.class)
                .hasMessageStartingWith("my.yaml: ")
                .hasMessageContaining(message);
    }

    @Test
    void twoObjectivesOfOneNameAreRefused() {
        String document = Objectives.document(
                "twice",
                "",
                "      thresholdMetric:\n        metricSource: {type: Reading, spec: {name: open}}",
                "Occurrences",
                "op: lte, value: 0, target: 1");

        assertThatThrownBy(() -> SloFile.parse("my.yaml", document + "---\n" + document))
                .hasMessageContaining("two objectives named twice");
    }
}

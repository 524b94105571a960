package txlookup.gate.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.QuantileBounds;
import txlookup.gate.evaluate.SloResult;
import txlookup.gate.evaluate.Verdict;

class SloReportFormatTest {
    private static final QuantileBounds.Range EXACT = new QuantileBounds.Range(4, 4);
    private static final QuantileBounds.Range UNBOUNDED = new QuantileBounds.Range(0.2, Double.POSITIVE_INFINITY);

    private static SloResult finding(String name, Verdict verdict, String reason) {
        QuantileBounds spread = verdict == Verdict.NO_DATA
                ? null
                : new QuantileBounds(EXACT, EXACT, UNBOUNDED, UNBOUNDED, EXACT, EXACT, UNBOUNDED);
        return new SloResult(
                name, null, name + " <title>", "group", verdict, 12, "4 s", "< 5 s", spread, reason, false, false);
    }

    private static GateReport report(List<SloResult> findings) {
        return new GateReport(
                GateReport.FORMAT,
                "local \"kim\" test",
                20260205010000L,
                Instant.parse("2026-02-05T01:00:00Z"),
                Instant.parse("2026-02-05T01:05:00Z"),
                "aa",
                "default.yaml",
                "bb",
                Verdict.FAIL,
                1,
                findings);
    }

    private static GateReport mixed() {
        return report(List.of(
                finding("good", Verdict.PASS, null),
                finding("near", Verdict.WARN, "may as well be more"),
                finding("unseen", Verdict.NO_DATA, "nobody\u0000 measured it"),
                finding("bad", Verdict.FAIL, "4 | 5 <b>")));
    }

    @Test
    void jsonHoldsEverythingUnderItsVersion() {
        JsonNode json = JsonMapper.builder().build().readTree(SloReportFormat.JSON.write(mixed()));

        assertThat(json.path("format").asString()).isEqualTo("txlookup-gate/1");
        assertThat(json.path("findings").path(3).path("verdict").asString()).isEqualTo("FAIL");
        assertThat(json.path("findings")
                        .path(0)
                        .path("spread")
                        .path("judged")
                        .path("atMost")
                        .asDouble())
                .isEqualTo(4);
    }

    @Test
    void junitHasFailuresForFailuresAndErrorsForNoData() throws Exception {
        Document xml = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        SloReportFormat.JUNIT.write(mixed()).getBytes(StandardCharsets.UTF_8)));

        assertThat(xml.getDocumentElement().getAttribute("tests")).isEqualTo("4");
        assertThat(xml.getElementsByTagName("testcase").getLength()).isEqualTo(4);
        assertThat(xml.getElementsByTagName("failure")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("message")
                        .getTextContent())
                .isEqualTo("4 | 5 <b>");
        assertThat(xml.getElementsByTagName("error")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("message")
                        .getTextContent())
                .isEqualTo("nobody? measured it");
        assertThat(xml.getElementsByTagName("system-out").item(0).getTextContent())
                .isEqualTo("may as well be more");
    }

    @Test
    void markdownHasTheWorstFirstAndNoMarkupOfOthers() {
        String text = SloReportFormat.MARKDOWN.write(mixed());

        assertThat(text.indexOf("| FAIL | bad | 4 s | &lt; 5 s | 12 | 4 \\| 5 &lt;b> |"))
                .isPositive()
                .isLessThan(text.indexOf("| NO_DATA | unseen"));
        assertThat(text.indexOf("| WARN | near")).isLessThan(text.indexOf("| PASS | good"));
    }

    @Test
    void markdownEndsBeforeItIsTooLarge() {
        List<SloResult> many = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            many.add(finding("good-" + i, Verdict.PASS, "x".repeat(1000)));
        }
        many.add(finding("bad", Verdict.FAIL, "because"));

        String text = SloReportFormat.MARKDOWN.write(report(many));

        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(1024 * 1024);
        assertThat(text).contains("| FAIL | bad |").containsPattern("\\n\\d+ more, none worse, are left out\\.\\n$");
    }

    @Test
    void openMetricsHasOneVerdictAnObjectiveAndEnds() {
        String text = SloReportFormat.OPENMETRICS.write(mixed());

        assertThat(text)
                .contains(
                        "txlookup_gate_verdict{environment=\"local \\\"kim\\\" test\",objective=\"bad\",each=\"\",txlookup_gate_verdict=\"FAIL\"} 1\n")
                .contains(
                        "txlookup_gate_verdict{environment=\"local \\\"kim\\\" test\",objective=\"bad\",each=\"\",txlookup_gate_verdict=\"PASS\"} 0\n")
                .endsWith("# EOF\n");
    }

    @Test
    void textSaysWhy() {
        assertThat(SloReportFormat.TEXT.write(mixed()))
                .contains("FAIL     bad: 4 s, wanted < 5 s (12 seen)\n         4 | 5 <b>\n")
                .endsWith("local \"kim\" test: FAIL, 1 passed, 1 warned, 1 without data, 1 failed\n");
    }
}

package txlookup.gate.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.gate.model.Observation;
import txlookup.gate.model.ObservationFile;
import txlookup.gate.model.SloFile;
import txlookup.gate.report.SloReportFormat;

class EvaluationTest {
    private static final String P95 = "op: lt, value: 0.2, target: 0.95";
    private static final String HISTOGRAM = "process: api, metric: latency";

    private static SloResult only(SloFile file, Observed observed) {
        List<SloResult> findings = Evaluation.of(observed.observation(), file).findings();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static SloResult latency(Map<String, Long> counts) {
        return only(
                Objectives.threshold("txlookup/minimum-sample: \"100\"", "Histogram", HISTOGRAM, "Occurrences", P95),
                new Observed().answers("api", 10, 0, false).histogram("api", "latency", Map.of(), counts));
    }

    private static SloResult slices(String target, Double... values) {
        return only(
                Objectives.threshold(
                        "",
                        "Reading",
                        "name: oldest_unapplied_seconds",
                        "Timeslices",
                        "op: lt, value: 5, target: " + target),
                new Observed().series("log", "oldest_unapplied_seconds", Map.of(), values));
    }

    /** The very stall hides itself: 29 of 300 s without database or broker are within no budget of 5 %. */
    @Test
    void whatWasNotSeenCountsAsBad() {
        Double[] values = new Double[300];
        Arrays.fill(values, 0.1);
        assertThat(slices("0.95", values).verdict()).isEqualTo(Verdict.PASS);
        Arrays.fill(values, 100, 129, null);
        SloResult finding = slices("0.95", values);
        assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(finding.reason()).contains("not seen: not known");
        values = new Double[300];
        Arrays.fill(values, 0.1);
        values[150] = null;
        assertThat(slices("1", values).verdict())
                .as("where no slice may be bad, none may be unseen")
                .isEqualTo(Verdict.FAIL);
    }

    /** As many bad slices in one row tell less than scattered ones, so the interval reaches over the limit. */
    @Test
    void slicesThatTellOfEachOtherWidenTheInterval() {
        Double[] scattered = new Double[1000];
        Arrays.fill(scattered, 0.1);
        for (int i = 0; i < 70; i++) {
            scattered[i * 14] = 9.0;
        }
        Double[] inOneRow = new Double[1000];
        Arrays.fill(inOneRow, 0.1);
        Arrays.fill(inOneRow, 500, 570, 9.0);
        assertThat(slices("0.9", scattered).verdict()).isEqualTo(Verdict.PASS);
        assertThat(slices("0.9", inOneRow).verdict()).isEqualTo(Verdict.WARN);
    }

    @Test
    void aPercentileInABucketBelowTheLimitPasses() {
        SloResult finding = latency(Map.of("0.1", 980L, "0.2", 15L, "0.5", 5L, "+Inf", 0L));

        assertThat(finding.verdict()).isEqualTo(Verdict.PASS);
        assertThat(finding.sample()).isEqualTo(1000);
        assertThat(finding.measured()).isEqualTo("p95 at most 100 ms");
        assertThat(finding.spread().max()).isEqualTo(new QuantileBounds.Range(0.2, 0.5));
    }

    @Test
    void aPercentileWhoseIntervalReachesOverTheLimitWarns() {
        // Rank 950 is within 200 ms, and so are 955 values; the interval of that rank ends at 964.
        SloResult finding = latency(Map.of("0.2", 955L, "0.5", 45L, "+Inf", 0L));

        assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
        assertThat(finding.reason()).contains("may as well be up to at most 500 ms");
    }

    @Test
    void aPercentileBeyondTheLimitFails() {
        SloResult finding = latency(Map.of("0.2", 949L, "0.5", 51L, "+Inf", 0L));

        assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(finding.measured()).isEqualTo("p95 at most 500 ms");
    }

    @Test
    void aLimitWithinABucketIsNotInterpolated() {
        SloResult finding = latency(Map.of("0.1", 900L, "0.25", 100L, "+Inf", 0L));

        assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
        assertThat(finding.reason()).contains("within a bucket", "100 ms", "250 ms");
    }

    @Test
    void tooFewAreNoDataAndNoPass() {
        SloResult finding = latency(Map.of("0.1", 99L, "+Inf", 0L));

        assertThat(finding.verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(finding.reason()).isEqualTo("99 seen, at least 100 are needed");
    }

    @Test
    void aServiceThatStoppedAnsweringIsNoDataHoweverGoodItWas() {
        SloFile file = Objectives.threshold("", "Histogram", HISTOGRAM, "Occurrences", P95);
        Observed gone =
                new Observed().answers("api", 10, 1, true).histogram("api", "latency", Map.of(), Map.of("0.1", 900L));

        assertThat(only(file, gone).verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(only(file, gone).reason()).contains("http://api", "refused");
        assertThat(Evaluation.of(gone.observation(), file).exitCode()).isEqualTo(2);
    }

    @Test
    void everyTopicIsJudgedForItself() {
        SloFile file = Objectives.threshold(
                "",
                "Histogram",
                "process: consumer, metric: freshness, each: topic",
                "Occurrences",
                "op: lt, value: 5, target: 0.95");
        Observed observed = new Observed()
                .answers("consumer", 10, 0, false)
                .histogram("consumer", "freshness", Map.of("topic", "ledger"), Map.of("5.0", 1000L, "+Inf", 0L));

        List<SloResult> findings = Evaluation.of(observed.observation(), file).findings();

        assertThat(findings).extracting(SloResult::name).containsExactly("threshold ledger", "threshold orders");
        assertThat(findings).extracting(SloResult::verdict).containsExactly(Verdict.PASS, Verdict.NO_DATA);
    }

    @Test
    void aShareIsJudgedStrictlyAndWithItsUncertainty() {
        SloFile file = Objectives.errors("txlookup/minimum-sample: \"500\"", "0.98");

        assertThat(errors(file, 0, 500).verdict()).isEqualTo(Verdict.PASS);
        assertThat(errors(file, 6, 500).verdict()).isEqualTo(Verdict.WARN);
        assertThat(errors(file, 10, 500).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(errors(file, 15, 500).measured()).isEqualTo("3.00 % (15 of 500)");
        assertThat(errors(file, 0, 499).verdict()).isEqualTo(Verdict.NO_DATA);
    }

    private static SloResult errors(SloFile file, int bad, int total) {
        Observed observed = new Observed()
                .answers("api", 10, 0, false)
                .counter("api", "requests_total", Map.of("status", "200"), total - bad);
        return only(
                file, bad == 0 ? observed : observed.counter("api", "requests_total", Map.of("status", "503"), bad));
    }

    @Test
    void theWorstSeriesOfEachInstantCountsInSlices() {
        SloFile file = Objectives.threshold(
                "", "Reading", "name: age_seconds", "Timeslices", "op: lt, value: 5, target: 0.95");
        Double[] low = new Double[100];
        Double[] stalled = new Double[100];
        for (int i = 0; i < 100; i++) {
            low[i] = 0.5;
            stalled[i] = (double) i;
        }
        Observed observed = new Observed()
                .series("log", "age_seconds", Map.of("partition", "0"), low)
                .series("log", "age_seconds", Map.of("partition", "1"), stalled);

        SloResult finding = only(file, observed);

        assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(finding.sample()).isEqualTo(100);
        assertThat(finding.measured()).isEqualTo("p95 94 s");
        assertThat(only(file, new Observed().series("log", "age_seconds", Map.of(), low))
                        .verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void whatIsNotKnownIsNotGood() {
        SloFile file = Objectives.threshold(
                "", "Reading", "name: left_seconds", "Timeslices", "op: gte, value: 10, target: 1");

        assertThat(only(file, new Observed().series("log", "left_seconds", Map.of(), 20.0, null, 20.0))
                        .verdict())
                .isEqualTo(Verdict.NO_DATA);
        assertThat(only(file, new Observed().series("log", "left_seconds", Map.of(), 20.0, 10.0))
                        .verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(only(file, new Observed().series("log", "left_seconds", Map.of(), 20.0, 9.0))
                        .verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void onlyTheLastValueCountsWhereTheFileSaysSo() {
        SloFile file = Objectives.threshold(
                "", "Reading", "name: open, take: last", "Occurrences", "op: lte, value: 0, target: 1");

        assertThat(only(file, new Observed().series("store", "open", Map.of(), 3.0, 0.0))
                        .verdict())
                .isEqualTo(Verdict.PASS);
        SloResult finding = only(file, new Observed().series("store", "open", Map.of(), 0.0, 3.0));
        assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(finding.reason()).isEqualTo("open was 3.0");
        assertThat(only(file, new Observed().series("store", "open", Map.of(), 0.0, null))
                        .verdict())
                .isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void aPositionThatStandsStillBesideABacklogIsAStall() {
        SloFile file = Objectives.threshold(
                "",
                "Progress",
                "process: consumer, position: position, backlog: lag",
                "Timeslices",
                "op: lt, value: 3, target: 0.5");
        Observed stalled = new Observed()
                .answers("consumer", 6, 0, false)
                .series("consumer", "position", Map.of("partition", "0"), 7.0, 7.0, 7.0, 7.0, 7.0, 7.0)
                .series("consumer", "lag", Map.of("partition", "0"), 2.0, 2.0, 2.0, 2.0, 2.0, 2.0);
        Observed quiet = new Observed()
                .answers("consumer", 6, 0, false)
                .series("consumer", "position", Map.of("partition", "0"), 7.0, 7.0, 7.0, 7.0, 7.0, 7.0)
                .series("consumer", "lag", Map.of("partition", "0"), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);

        assertThat(only(file, stalled).spread().max()).isEqualTo(new QuantileBounds.Range(5, 5));
        assertThat(only(file, quiet).spread().max()).isEqualTo(new QuantileBounds.Range(0, 0));
    }

    @Test
    void noDataIsAWarningOnlyWhereTheFileSaysWhy() {
        SloFile file = Objectives.threshold(
                "txlookup/on-no-data: warn, txlookup/no-data-reason: not built yet",
                "Reading",
                "name: canary_seconds",
                "Occurrences",
                "op: lt, value: 5, target: 0.95");

        SloResult finding = only(file, new Observed().absent("canary_seconds", "no marker events are sent"));

        assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
        assertThat(finding.reason()).isEqualTo("no data: no marker events are sent (not built yet)");
    }

    @Test
    void aFailedProofOutranksAFailureAndAnOptionalOneOnlyWarns() {
        String source = "name: violations, take: last";
        String target = "op: lte, value: 0, target: 1";
        Observation broken =
                new Observed().series("log", "violations", Map.of(), 1.0).observation();

        assertThat(Evaluation.of(
                                broken,
                                Objectives.threshold(
                                        "txlookup/proof: \"true\"", "Reading", source, "Occurrences", target))
                        .exitCode())
                .isEqualTo(3);
        assertThat(Evaluation.of(broken, Objectives.threshold("", "Reading", source, "Occurrences", target))
                        .exitCode())
                .isEqualTo(1);
        assertThat(Evaluation.of(
                                broken,
                                Objectives.threshold(
                                        "txlookup/optional: \"true\"", "Reading", source, "Occurrences", target))
                        .exitCode())
                .isZero();
    }

    @Test
    void theSameObservationGivesTheSameBytesInEveryFormatAlsoReadFromItsFile(@TempDir Path folder) throws Exception {
        SloFile file = SloFile.shipped();
        Observation observation = new Observed()
                .answers("api", 10, 0, false)
                .answers("consumer", 10, 0, false)
                .histogram(
                        "api",
                        "txlookup_api_request_seconds",
                        Map.of("route", "/admin/tx/{tx_id}", "status", "200"),
                        Map.of("0.2", 600L, "+Inf", 0L))
                .series("log", "oldest_unapplied_seconds", Map.of("partition", "0"), 0.1, null, 0.3)
                .series("store", "dead_letters_open", Map.of(), 2.0)
                .observation();
        ObservationFile.write(observation, folder.resolve("observation.json"));

        Observation again = ObservationFile.read(folder.resolve("observation.json"));

        for (SloReportFormat format : SloReportFormat.values()) {
            assertThat(format.write(Evaluation.of(again, file)))
                    .as("%s", format)
                    .isEqualTo(format.write(Evaluation.of(observation, file)))
                    .contains("dead-letters");
        }
    }
}

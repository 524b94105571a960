package txlookup.rebuild.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import txlookup.gate.evaluate.Evaluation;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.SloResult;
import txlookup.gate.evaluate.Verdict;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.rebuild.platform.GateResult;

/** What was not seen is not passed, and a file without the policy's own objectives decides nothing. */
class ObjectiveResultsTest {
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void anEnvironmentOfWhichNothingWasSeenPassesNothingThatThePolicyAsksFor() {
        Observation nothing = new Observation(
                Observation.FORMAT,
                new Observation.Environment("cloud-test kim dev", 20261121010733L, List.of("ledger", "orders")),
                AT,
                AT,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new TreeMap<>());
        List<GateResult> results = ObjectiveResults.of(Evaluation.of(nothing, SloFile.shipped()));
        for (String objective : ObjectiveResults.OF_THE_POLICY) {
            assertThat(results)
                    .filteredOn(result -> result.gate().startsWith(ObjectiveResults.title(objective)))
                    .isNotEmpty();
            assertThat(results)
                    .filteredOn(result -> result.gate().equals(ObjectiveResults.title(objective)))
                    .noneMatch(GateResult::passed);
        }
    }

    @Test
    void aFileWithoutAnObjectiveOfThePolicyIsNoPassHoweverGoodTheRestIs() {
        List<GateResult> results = ObjectiveResults.of(report(finding("api-latency", Verdict.PASS)));
        assertThat(results)
                .filteredOn(GateResult::passed)
                .extracting(GateResult::gate)
                .containsExactly("SLO api-latency");
        assertThat(results)
                .filteredOn(result -> !result.passed())
                .extracting(GateResult::gate)
                .containsExactly("SLO api-errors", "SLO freshness-events", "SLO dead-letters");
    }

    @Test
    void aFileCannotExcuseWhatThePolicyAsksForButOtherThings() {
        List<GateResult> results = ObjectiveResults.of(report(
                finding("api-latency", Verdict.PASS),
                finding("api-errors", Verdict.PASS),
                finding("dead-letters", Verdict.PASS),
                finding("freshness-events", Verdict.WARN),
                finding("freshness-canary", Verdict.WARN)));
        assertThat(results)
                .filteredOn(result -> !result.passed())
                .extracting(GateResult::gate)
                .containsExactly("SLO freshness-events");
    }

    @Test
    void whatMayBeUnseenPassesWithoutDataAndFailsWhereItWasSeen() {
        List<String> mayBeUnseen = List.of("freshness-events");
        assertThat(ObjectiveResults.of(report(finding("freshness-events", Verdict.NO_DATA)), mayBeUnseen))
                .filteredOn(GateResult::passed)
                .extracting(GateResult::gate)
                .containsExactly("SLO freshness-events");
        assertThat(ObjectiveResults.of(report(finding("freshness-events", Verdict.FAIL)), mayBeUnseen))
                .noneMatch(GateResult::passed);
        assertThat(ObjectiveResults.of(report(finding("pairs", Verdict.NO_DATA)), mayBeUnseen))
                .noneMatch(GateResult::passed);
    }

    private static SloResult finding(String objective, Verdict verdict) {
        return new SloResult(objective, null, objective, "api", verdict, 1, "1", "< 2", null, null, false, false);
    }

    private static GateReport report(SloResult... findings) {
        return new GateReport(
                GateReport.FORMAT, "cloud-test", 1L, AT, AT, "", "a.yaml", "", Verdict.PASS, 0, List.of(findings));
    }
}

package txlookup.rebuild.judge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.SloResult;
import txlookup.rebuild.platform.GateResult;

/** A report on objectives as the rebuild's evidence holds it. */
public final class ObjectiveResults {
    /** What the policy itself asks for; a file of objectives without one of these decides nothing. */
    public static final List<String> OF_THE_POLICY =
            List.of("api-latency", "api-errors", "freshness-events", "dead-letters");

    private ObjectiveResults() {}

    /** Each finding, the policy's own objectives that were not judged among them. */
    public static List<GateResult> of(GateReport report) {
        return of(report, List.of());
    }

    /** @param mayBeUnseen objectives that pass also where too little was seen to judge by */
    public static List<GateResult> of(GateReport report, Collection<String> mayBeUnseen) {
        List<GateResult> results = new ArrayList<>();
        for (String wanted : OF_THE_POLICY) {
            if (report.findings().stream()
                    .noneMatch(finding -> finding.objective().equals(wanted))) {
                results.add(new GateResult(
                        title(wanted), false, "not in " + report.sloFile(), "judged (docs/policy.md, gate 2)"));
            }
        }
        report.findings().forEach(finding -> results.add(result(finding, mayBeUnseen.contains(finding.objective()))));
        return results;
    }

    /** What an objective is called among the gates. */
    public static String title(String objective) {
        return "SLO " + objective;
    }

    private static GateResult result(SloResult finding, boolean mayBeUnseen) {
        boolean passed =
                switch (finding.verdict()) {
                    case PASS -> true;
                    // A policy's objective that a file excuses was still not seen.
                    case WARN -> mayBeUnseen || !OF_THE_POLICY.contains(finding.objective());
                    case NO_DATA -> mayBeUnseen;
                    case FAIL -> false;
                };
        String measured = finding.reason() == null
                ? finding.measured()
                : "%s (%s)".formatted(finding.measured(), finding.reason());
        return new GateResult(title(finding.name()), passed, measured, finding.wanted());
    }
}

package txlookup.gate.report;

import java.util.Locale;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.SloResult;
import txlookup.gate.evaluate.Verdict;

/** A line an objective, in the order of the file. */
final class SloTextReport {
    private SloTextReport() {}

    static String of(GateReport report) {
        StringBuilder text = new StringBuilder();
        for (SloResult finding : report.findings()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-7s  %s: %s, wanted %s%s\n",
                    finding.verdict(),
                    finding.name(),
                    finding.measured(),
                    finding.wanted(),
                    finding.sample() > 1 ? " (" + finding.sample() + " seen)" : ""));
            if (finding.reason() != null) {
                text.append("         ").append(finding.reason()).append("\n");
            }
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%s: %s, %d passed, %d warned, %d without data, %d failed\n",
                        report.environment(),
                        report.verdict(),
                        report.count(Verdict.PASS),
                        report.count(Verdict.WARN),
                        report.count(Verdict.NO_DATA),
                        report.count(Verdict.FAIL)))
                .toString();
    }
}

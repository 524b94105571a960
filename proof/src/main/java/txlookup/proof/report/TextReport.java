package txlookup.proof.report;

import java.util.StringJoiner;
import txlookup.proof.Report;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.TableReport;

/** For people; shows the first differences only. */
final class TextReport {
    private static final int SHOWN = 50;

    private TextReport() {}

    static String write(Report report) {
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        lines.add("Generation %d against %s: %s"
                .formatted(report.generation(), report.against(), Wording.window(report.window())));
        for (TableReport table : report.findings().tables()) {
            lines.add("  %s: %s".formatted(Wording.entity(table.entity()), Wording.table(table)));
            lines.add("    " + Wording.counts(report, table.entity()));
        }
        report.findings().differences().stream()
                .limit(SHOWN)
                .map((Difference one) -> "  " + Wording.difference(one))
                .forEach(lines::add);
        int more = report.findings().differences().size() - SHOWN;
        if (more > 0) {
            lines.add("  and %,d more; --format json has all".formatted(more));
        }
        lines.add(Wording.verifiedThrough(report));
        lines.add(Wording.verdict(report));
        return lines.toString();
    }
}

package txlookup.proof.report;

import java.util.StringJoiner;
import txlookup.proof.Report;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.TableReport;

/** For a pull request or an evidence folder: counts in a table, no keys. */
final class MarkdownReport {
    private MarkdownReport() {}

    static String write(Report report) {
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        lines.add("### " + Wording.verdict(report));
        lines.add("");
        lines.add("Generation %d against %s; %s."
                .formatted(report.generation(), report.against(), Wording.window(report.window())));
        lines.add("");
        lines.add("| entity | source rows | store rows | missing | extra | stale | ahead | field |");
        lines.add("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (TableReport table : report.findings().tables()) {
            StringJoiner cells = new StringJoiner(" | ", "| ", " |");
            cells.add(Wording.entity(table.entity()));
            cells.add("%,d".formatted(table.sourceRows()));
            cells.add("%,d".formatted(table.storeRows()));
            for (Kind kind : Kind.values()) {
                cells.add("%,d".formatted(report.of(table.entity(), kind).size()));
            }
            lines.add(cells.toString());
        }
        lines.add("");
        lines.add(Wording.verifiedThrough(report));
        return lines.toString();
    }
}

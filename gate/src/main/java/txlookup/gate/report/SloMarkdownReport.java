package txlookup.gate.report;

import java.nio.charset.StandardCharsets;
import java.util.List;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.SloResult;

/** A table, the worst first, that ends before it is too large for a CI step's summary. */
final class SloMarkdownReport {
    /** A summary of more than 1024 KiB is dropped whole; some room is left for what stands around it. */
    static final int MOST_BYTES = 1000 * 1024;

    private SloMarkdownReport() {}

    static String of(GateReport report) {
        StringBuilder text = new StringBuilder();
        text.append("## SLO gate: ").append(report.verdict()).append("\n\n");
        text.append("%s, generation %s, %s to %s\n\n"
                .formatted(
                        cell(report.environment()),
                        report.generation() == null ? "none" : report.generation(),
                        report.from(),
                        report.to()));
        text.append(
                "| verdict | objective | measured | wanted | sample | why |\n| --- | --- | --- | --- | ---: | --- |\n");
        int bytes = text.toString().getBytes(StandardCharsets.UTF_8).length;
        List<SloResult> findings = report.worstFirst();
        for (int i = 0; i < findings.size(); i++) {
            String row = row(findings.get(i));
            bytes += row.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MOST_BYTES) {
                return text.append("\n%d more, none worse, are left out.\n".formatted(findings.size() - i))
                        .toString();
            }
            text.append(row);
        }
        return text.toString();
    }

    private static String row(SloResult finding) {
        return "| %s | %s | %s | %s | %d | %s |\n"
                .formatted(
                        finding.verdict(),
                        cell(finding.name()),
                        cell(finding.measured()),
                        cell(finding.wanted()),
                        finding.sample(),
                        finding.reason() == null ? "" : cell(finding.reason()));
    }

    private static String cell(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replaceAll("\\s+", " ");
    }
}

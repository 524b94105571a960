package txlookup.gate.report;

import txlookup.gate.evaluate.GateReport;

/** A format of reports; all of them say the same. */
public enum SloReportFormat {
    /** For a terminal. */
    TEXT,
    /** Everything; {@code format} names its shape. */
    JSON,
    /** A suite a group, a case an objective. */
    JUNIT,
    /** For the summary of a CI step: the worst first, within its size. */
    MARKDOWN,
    /** For trends and the rule on gate runs. */
    OPENMETRICS;

    /** The report in this format; the same report gives the same text. */
    public String write(GateReport report) {
        return switch (this) {
            case TEXT -> SloTextReport.of(report);
            case JSON -> SloJsonReport.of(report);
            case JUNIT -> SloJunitReport.of(report);
            case MARKDOWN -> SloMarkdownReport.of(report);
            case OPENMETRICS -> OpenMetricsReport.of(report);
        };
    }
}

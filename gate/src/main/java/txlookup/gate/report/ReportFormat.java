package txlookup.gate.report;

import txlookup.gate.GateReport;

/** A format of reports; all of them say the same. */
public enum ReportFormat {
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
            case TEXT -> TextReport.of(report);
            case JSON -> JsonReport.of(report);
            case JUNIT -> JunitReport.of(report);
            case MARKDOWN -> MarkdownReport.of(report);
            case OPENMETRICS -> OpenMetricsReport.of(report);
        };
    }
}

package txlookup.proof.report;

import txlookup.proof.Report;

/** How a report is written; what it says is the same in every format. */
public enum ReportFormat {
    TEXT,
    JSON,
    JUNIT,
    MARKDOWN;

    /** The whole report, with a line feed at its end. */
    public String write(Report report) {
        return switch (this) {
            case TEXT -> TextReport.write(report);
            case JSON -> JsonReport.write(report);
            case JUNIT -> JunitReport.write(report);
            case MARKDOWN -> MarkdownReport.write(report);
        };
    }
}

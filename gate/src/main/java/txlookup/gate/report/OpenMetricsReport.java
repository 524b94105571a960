package txlookup.gate.report;

import java.util.Locale;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.QuantileBounds;
import txlookup.gate.evaluate.SloResult;
import txlookup.gate.evaluate.Verdict;

/** Verdicts, samples and judged values as OpenMetrics text, to be kept and drawn over time. */
public final class OpenMetricsReport {
    /** 1 for the verdict that an objective got, 0 for the others. */
    public static final String VERDICT = "txlookup_gate_verdict";

    private static final String SAMPLE = "txlookup_gate_sample";
    private static final String VALUE = "txlookup_gate_value_at_most";
    private static final String ENDED = "txlookup_gate_ended_timestamp_seconds";

    private OpenMetricsReport() {}

    static String of(GateReport report) {
        StringBuilder text = new StringBuilder();
        text.append("# TYPE %s stateset\n# HELP %s The gate's verdict on an objective.\n".formatted(VERDICT, VERDICT));
        for (SloResult finding : report.findings()) {
            for (Verdict verdict : Verdict.values()) {
                text.append("%s{%s,%s=\"%s\"} %d\n"
                        .formatted(
                                VERDICT,
                                labels(report, finding),
                                VERDICT,
                                verdict,
                                finding.verdict() == verdict ? 1 : 0));
            }
        }
        text.append("# TYPE %s gauge\n# HELP %s How many values were judged.\n".formatted(SAMPLE, SAMPLE));
        for (SloResult finding : report.findings()) {
            text.append("%s{%s} %d\n".formatted(SAMPLE, labels(report, finding), finding.sample()));
        }
        text.append("# TYPE %s gauge\n# HELP %s The value that was judged, or the bound of its bucket.\n"
                .formatted(VALUE, VALUE));
        for (SloResult finding : report.findings()) {
            QuantileBounds spread = finding.spread();
            if (spread != null) {
                text.append("%s{%s} %s\n"
                        .formatted(
                                VALUE,
                                labels(report, finding),
                                number(spread.judged().atMost())));
            }
        }
        text.append("# TYPE %s gauge\n# UNIT %s seconds\n# HELP %s When the observation ended.\n"
                .formatted(ENDED, ENDED, ENDED));
        text.append(String.format(
                Locale.ROOT,
                "%s{environment=\"%s\"} %.3f\n",
                ENDED,
                escaped(report.environment()),
                report.to().toEpochMilli() / 1000.0));
        return text.append("# EOF\n").toString();
    }

    private static String labels(GateReport report, SloResult finding) {
        return "environment=\"%s\",objective=\"%s\",each=\"%s\""
                .formatted(
                        escaped(report.environment()),
                        escaped(finding.objective()),
                        escaped(finding.each() == null ? "" : finding.each()));
    }

    private static String number(double value) {
        return Double.isInfinite(value) ? "+Inf" : Double.toString(value);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}

package txlookup.gate.report;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.gate.evaluate.GateReport;

/** The whole report; bounds that are infinite are the text {@code Infinity}. */
final class SloJsonReport {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private SloJsonReport() {}

    static String of(GateReport report) {
        return JSON.writeValueAsString(report) + "\n";
    }
}

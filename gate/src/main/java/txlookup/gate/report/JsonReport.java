package txlookup.gate.report;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.gate.GateReport;

/** The whole report; bounds that are infinite are the text {@code Infinity}. */
final class JsonReport {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonReport() {}

    static String of(GateReport report) {
        return JSON.writeValueAsString(report) + "\n";
    }
}

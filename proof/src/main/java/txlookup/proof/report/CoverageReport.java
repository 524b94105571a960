package txlookup.proof.report;

import java.io.StringWriter;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import txlookup.proof.completeness.CompletenessProof;
import txlookup.proof.completeness.CoverageResult;

/** Writes a proof of completeness. */
public final class CoverageReport {
    private static final JsonFactory JSON = new JsonFactory();

    private CoverageReport() {}

    /** For people. */
    public static String text(CompletenessProof proof) {
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        for (CoverageResult finding : proof.findings()) {
            lines.add("  %-10s  %s: %s".formatted(state(finding), finding.source(), finding.detail()));
        }
        lines.add("Open dead letters: %,d%s"
                .formatted(
                        proof.openDeadLetters(),
                        proof.openDeadLetters() == 0 ? "" : ", accounted for and not in the store; see txlookup dlq"));
        lines.add(verdict(proof));
        return lines.toString();
    }

    /** For programs: one object. */
    public static String json(CompletenessProof proof) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("state", proof.state().name().toLowerCase(Locale.ROOT));
            json.writeNumberProperty("generation", proof.generation());
            json.writeNumberProperty("open_dead_letters", proof.openDeadLetters());
            json.writeArrayPropertyStart("sources");
            for (CoverageResult finding : proof.findings()) {
                json.writeStartObject();
                json.writeStringProperty("source", finding.source());
                json.writeStringProperty("state", finding.state().name().toLowerCase(Locale.ROOT));
                json.writeStringProperty("detail", finding.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }

    private static String verdict(CompletenessProof proof) {
        return switch (proof.state()) {
            case PROVED -> "PROVED: all that was published and extracted is accounted for";
            case NOT_PROVED -> "NOT PROVED: see above";
            case GAP -> "GAP: something is lost; a rebuild is due";
        };
    }

    private static String state(CoverageResult finding) {
        return finding.state().name().replace('_', ' ');
    }
}

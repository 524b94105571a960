package txlookup.proof.generation;

import java.io.StringWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import txlookup.apply.model.Entity;
import txlookup.profiles.digest.Sha256;
import txlookup.proof.generation.ComparisonResult.Unsettled;
import txlookup.proof.generation.GenerationDifference.Kind;

/** Writes what a comparison of two generations found. */
public final class ComparisonReport {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int SHOWN = 50;

    private ComparisonReport() {}

    /** For people; shows the first differences only. */
    public static String text(ComparisonResult result) {
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        lines.add("Generation %d against generation %d: %,d rows compared, keys that differed were read again %d times"
                .formatted(result.candidate(), result.against(), result.rows(), result.rounds()));
        lines.add("  " + counts(result));
        result.differences().stream()
                .limit(SHOWN)
                .map(ComparisonReport::difference)
                .forEach(lines::add);
        int more = result.differences().size() - SHOWN;
        if (more > 0) {
            lines.add("  and %,d more; --format json has all".formatted(more));
        }
        result.unsettled().stream()
                .limit(SHOWN)
                .map(one -> "  unsettled %s %s".formatted(entity(one.entity()), one.key()))
                .forEach(lines::add);
        if (result.sourceNotRead() != null) {
            lines.add("  what is missing may only have left the source: " + result.sourceNotRead());
        }
        lines.add("evidence: " + evidence(result));
        lines.add(verdict(result));
        return lines.toString();
    }

    private static String counts(ComparisonResult result) {
        return Arrays.stream(Kind.values())
                        .map(kind -> "%s %,d".formatted(kind.wireName(), result.count(kind)))
                        .collect(Collectors.joining(", "))
                + ", unsettled %,d".formatted(result.unsettled().size());
    }

    private static String difference(GenerationDifference one) {
        String fields = one.fields().isEmpty() ? "" : " in " + String.join(", ", one.fields());
        return "  %s %s %s%s".formatted(one.kind().wireName(), entity(one.entity()), one.key(), fields);
    }

    /** One sentence. */
    public static String verdict(ComparisonResult result) {
        if (!result.isWhole()) {
            return "NOT JUDGED: too many rows differ, so not all were compared";
        }
        if (result.notLevel() != null) {
            return "NOT JUDGED: %s; is its consumer running?".formatted(result.notLevel());
        }
        return result.passed()
                ? "PASS: generation %d answers as generation %d does".formatted(result.candidate(), result.against())
                : "FAIL: %,d rows differ".formatted(result.wrong());
    }

    /** For programs: one object, the same for the same result. */
    public static String json(ComparisonResult result) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeBooleanProperty("passed", result.passed());
            json.writeBooleanProperty("judged", result.isJudged());
            json.writeNumberProperty("generation", result.candidate());
            json.writeNumberProperty("against", result.against());
            json.writeStringProperty("started_at", result.startedAt().toString());
            json.writeStringProperty("ended_at", result.endedAt().toString());
            json.writeNumberProperty("rows", result.rows());
            json.writeNumberProperty("rounds", result.rounds());
            json.writeStringProperty("verdict", verdict(result));
            if (result.sourceNotRead() != null) {
                json.writeStringProperty("source_not_read", result.sourceNotRead());
            }
            json.writeArrayPropertyStart("differences");
            for (GenerationDifference one : result.differences()) {
                write(json, one);
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("unsettled");
            for (Unsettled one : result.unsettled()) {
                json.writeStartObject();
                json.writeStringProperty("entity", entity(one.entity()));
                json.writeStringProperty("key", one.key());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, GenerationDifference one) {
        json.writeStartObject();
        json.writeStringProperty("kind", one.kind().wireName());
        json.writeStringProperty("entity", entity(one.entity()));
        json.writeStringProperty("key", one.key());
        json.writeArrayPropertyStart("fields");
        one.fields().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    /** The hash of {@link #json}: by it, people accept exactly these differences. */
    public static String evidence(ComparisonResult result) {
        return Sha256.hex(json(result));
    }

    private static String entity(Entity entity) {
        return entity.name().toLowerCase(Locale.ROOT);
    }
}

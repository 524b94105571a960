package txlookup.proof.report;

import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import txlookup.proof.Report;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.StoredVersion;
import txlookup.proof.compare.TableReport;

/** For programs: one object, every difference in it. */
final class JsonReport {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonReport() {}

    static String write(Report report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeBooleanProperty("passed", report.passed());
            json.writeStringProperty("verdict", report.verdict());
            json.writeNumberProperty("generation", report.generation());
            json.writeStringProperty("against", report.against());
            time(json, "judged_from", report.window().from());
            time(json, "judged_through", report.window().through());
            time(json, "verified_through", report.verifiedThrough());
            json.writeNumberProperty("rows_judged", report.rowsJudged());
            json.writeArrayPropertyStart("tables");
            report.findings().tables().forEach(table -> table(json, report, table));
            json.writeEndArray();
            json.writeArrayPropertyStart("differences");
            report.findings().differences().forEach(one -> difference(json, one));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }

    private static void table(JsonGenerator json, Report report, TableReport table) {
        json.writeStartObject();
        json.writeStringProperty("entity", Wording.entity(table.entity()));
        json.writeNumberProperty("source_rows", table.sourceRows());
        json.writeNumberProperty("source_undecodable", table.sourceUndecodable());
        json.writeNumberProperty("store_rows", table.storeRows());
        json.writeNumberProperty("source_outside_window", table.sourceUnsettled());
        json.writeNumberProperty("store_outside_window", table.storeUnsettled());
        json.writeNumberProperty("buckets", table.buckets());
        json.writeNumberProperty("buckets_looked_into", table.differingBuckets());
        json.writeBooleanProperty("searched_whole", table.isSearchedWhole());
        for (Kind kind : Kind.values()) {
            json.writeNumberProperty(
                    kind.wireName(), report.of(table.entity(), kind).size());
        }
        json.writeEndObject();
    }

    private static void difference(JsonGenerator json, Difference difference) {
        json.writeStartObject();
        json.writeStringProperty("kind", difference.kind().wireName());
        json.writeStringProperty("entity", Wording.entity(difference.entity()));
        json.writeStringProperty("key", difference.key());
        json.writeArrayPropertyStart("fields");
        difference.fields().forEach(json::writeString);
        json.writeEndArray();
        held(json, "source", difference.source());
        held(json, "store", difference.stored());
        json.writeStringProperty("outcome", difference.outcome().wireName());
        json.writeEndObject();
    }

    private static void held(JsonGenerator json, String name, @Nullable StoredVersion held) {
        if (held == null) {
            json.writeNullProperty(name);
            return;
        }
        json.writeObjectPropertyStart(name);
        time(json, "updated_at", held.snapshot().updatedAt());
        Long version = held.snapshot().version();
        if (version == null) {
            json.writeNullProperty("version");
        } else {
            json.writeNumberProperty("version", version);
        }
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String name, @Nullable Instant time) {
        if (time == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, time.toString());
        }
    }
}

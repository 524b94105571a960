package txlookup.api.rebuild;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a bundle of evidence: entries, each of a kind. What a bundle lacks, one of an earlier version perhaps, stays empty. */
final class RebuildEvidence {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode entries;

    RebuildEvidence(String bundle) {
        this.entries = JSON.readTree(bundle).path("entries");
    }

    RebuildReport report(
            Rebuilds.Line line, @Nullable String state, String hash, List<RebuildReport.SloGate> sloGates) {
        JsonNode decision = one("decision");
        JsonNode build = one("build");
        return new RebuildReport(
                line.generation(),
                line.verdict(),
                line.cause(),
                text(decision, "reason"),
                text(decision, "owner"),
                instant(decision, "retryAfter"),
                text(decision, "unblock"),
                line.tCutover(),
                line.startedAt(),
                line.endedAt(),
                line.durationMs(),
                text(one("generation"), "consumerGroup"),
                state,
                all("step", RebuildEvidence::step),
                all("gate", RebuildEvidence::gate),
                text(one("inputs"), "profile"),
                build.isMissingNode()
                        ? null
                        : new RebuildReport.Build(
                                text(build, "version"),
                                text(build, "gitSha"),
                                text(build, "java"),
                                text(build, "system")),
                all("anchor", RebuildEvidence::anchor),
                inputs(),
                hash,
                text(entries.path(0), "previous"),
                sloGates);
    }

    private static RebuildReport.Step step(JsonNode step) {
        return new RebuildReport.Step(
                step.path("step").asString(""),
                instant(step, "started"),
                millis(step.path("elapsed").asString("")),
                step.path("detail").asString(""));
    }

    private static RebuildReport.Gate gate(JsonNode gate) {
        return new RebuildReport.Gate(
                gate.path("gate").asString(""),
                gate.path("passed").asBoolean(false),
                gate.path("measured").asString(""),
                gate.path("wanted").asString(""));
    }

    private static RebuildReport.Anchor anchor(JsonNode anchor) {
        return new RebuildReport.Anchor(
                anchor.path("topic").asString(""),
                anchor.path("partition").asInt(-1),
                anchor.path("startOffset").asLong(0));
    }

    private List<RebuildReport.Input> inputs() {
        List<RebuildReport.Input> inputs = new ArrayList<>();
        for (JsonNode line : one("manifest").path("inputs")) {
            JsonNode counts = line.path("counts");
            inputs.add(new RebuildReport.Input(
                    line.path("name").asString(""),
                    line.path("entity").asString(""),
                    instant(line, "asOf"),
                    text(line, "sha256"),
                    counts.path("consumed").asLong(0),
                    counts.path("applied").asLong(0),
                    counts.path("stale").asLong(0),
                    counts.path("duplicate").asLong(0),
                    counts.path("dead").asLong(0)));
        }
        return inputs;
    }

    private JsonNode one(String kind) {
        for (JsonNode entry : entries) {
            if (entry.path("kind").asString("").equals(kind)) {
                return entry.path("content");
            }
        }
        return entries.path("none");
    }

    private <T> List<T> all(String kind, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (entry.path("kind").asString("").equals(kind)) {
                all.add(read.apply(entry.path("content")));
            }
        }
        return all;
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.asString() : null;
    }

    private static @Nullable Instant instant(JsonNode node, String name) {
        String text = text(node, name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null; // no instant that this version knows; the bundle itself is shown by txlookup evidence show
        }
    }

    private static long millis(String duration) {
        try {
            return Duration.parse(duration).toMillis();
        } catch (DateTimeException e) {
            return 0;
        }
    }
}

package txlookup.rebuild.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.backfill.Manifest;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.Handover;
import txlookup.rebuild.steps.Step;

/**
 * What a rebuild did and why it was decided as it was; kept as {@code rebuild.json} and {@code rebuild.md} in the
 * generation's folder.
 *
 * @param steps what the deciding process did; steps of an earlier, killed one are repeated in it
 * @param manifest null when the backfill was not reached
 * @param handover whether it serves since; null for a NO_GO
 * @param build what rebuilt
 */
public record Evidence(
        long generation,
        Instant cutover,
        String consumerGroup,
        Instant started,
        Instant ended,
        List<StepRecord> steps,
        @Nullable Manifest manifest,
        Decision decision,
        Handover.@Nullable Result handover,
        Build build) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * One step as it went.
     *
     * @param detail what there was afterwards
     */
    public record StepRecord(Step step, Instant started, Duration elapsed, String detail) {}

    /** The folder of this generation's evidence. */
    public Path folder(Path evidenceFolder) {
        return evidenceFolder.resolve(Long.toString(generation));
    }

    public void write(Path evidenceFolder) throws IOException {
        Path folder = Files.createDirectories(folder(evidenceFolder));
        Files.write(folder.resolve("rebuild.json"), JSON.writeValueAsBytes(this));
        Files.writeString(folder.resolve("rebuild.md"), markdown(), StandardCharsets.UTF_8);
    }

    private String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("# %s: generation %d%n%n".formatted(decision.verdict(), generation));
        text.append("T_cutover %s, group `%s`, %.1f s%n%n"
                .formatted(
                        cutover, consumerGroup, Duration.between(started, ended).toMillis() / 1000.0));
        text.append("| step | seconds | |%n| --- | ---: | --- |%n".formatted());
        for (StepRecord step : steps) {
            text.append("| %d %s | %.1f | %s |%n"
                    .formatted(
                            step.step().number(),
                            step.step().title(),
                            step.elapsed().toMillis() / 1000.0,
                            step.detail()));
        }
        text.append("%n| gate | verdict | measured | wanted |%n| --- | --- | --- | --- |%n".formatted());
        for (GateResult gate : decision.gates()) {
            text.append("| %s | %s | %s | %s |%n"
                    .formatted(gate.gate(), gate.passed() ? "pass" : "FAIL", gate.measured(), gate.wanted()));
        }
        if (handover != null) {
            text.append("%n%s%n".formatted(handover.shown(generation)));
        }
        if (!decision.go()) {
            text.append("%n**%s** (%s): %s%n%nOwner %s; again after %s, once this is done: %s.%n"
                    .formatted(
                            decision.cause(),
                            decision.cause().concerns(),
                            decision.reason(),
                            decision.owner(),
                            decision.retryAfter(),
                            decision.unblock()));
        }
        return text.toString();
    }
}

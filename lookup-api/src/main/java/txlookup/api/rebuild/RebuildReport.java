package txlookup.api.rebuild;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rebuild did and why it was decided as it was (docs/policy.md, Gates). Cause, reason, owner, {@code retryAfter}
 * and {@code unblock} are null for a GO.
 *
 * @param state of its generation now; null where the registry does not know it
 * @param inputs what was loaded; empty when the backfill was not reached
 * @param hash what its evidence ends with, as the register of the evidence's folder has it
 * @param previousHash what the evidence before it ends with
 * @param sloGates later judgements of the same generation, newest first
 */
public record RebuildReport(
        long generation,
        String verdict,
        @Nullable String cause,
        @Nullable String reason,
        @Nullable String owner,
        @Nullable Instant retryAfter,
        @Nullable String unblock,
        @Nullable Instant tCutover,
        Instant startedAt,
        Instant endedAt,
        long durationMs,
        @Nullable String consumerGroup,
        @Nullable String state,
        List<Step> steps,
        List<Gate> gates,
        @Nullable String profile,
        @Nullable Build build,
        List<Anchor> anchors,
        List<Input> inputs,
        String hash,
        @Nullable String previousHash,
        List<SloGate> sloGates) {

    /** One step that was done; a step that failed is not among them, the reason names it. */
    public record Step(String step, @Nullable Instant startedAt, long durationMs, String detail) {}

    /** One gate as it was judged. */
    public record Gate(String gate, boolean passed, String measured, String wanted) {}

    /** What rebuilt. */
    public record Build(
            @Nullable String version,
            @Nullable String gitSha,
            @Nullable String java,
            @Nullable String system) {}

    /** Where a partition's stream begins. */
    public record Anchor(String topic, int partition, long startOffset) {}

    /** What was read of one input of the backfill, and what became of it. */
    public record Input(
            String name,
            String entity,
            @Nullable Instant asOf,
            @Nullable String sha256,
            long rows,
            long applied,
            long stale,
            long duplicate,
            long rejected) {}

    /** One judgement by the objectives. */
    public record SloGate(String verdict, Instant startedAt, Instant endedAt, String hash) {}

    /** Whether it ended in a GO. No part of the JSON, where {@code verdict} says it. */
    public boolean go() {
        return verdict.equals("GO");
    }
}

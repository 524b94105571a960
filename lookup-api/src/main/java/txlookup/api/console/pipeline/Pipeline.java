package txlookup.api.console.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.api.health.Standstill;

/**
 * The pipeline at one moment.
 *
 * @param standstills what stands still or is late; empty while all is well
 * @param behind how long ago the least watermark was; null when there is no partition
 * @param throughput records a second consumed since the look before
 * @param delay how long the newest record took from its source into the store, the worst partition's; null when nothing
 *     was applied yet
 */
record Pipeline(
        Instant at,
        List<Standstill> standstills,
        List<Source> sources,
        List<Generation> generations,
        @Nullable Duration behind,
        double throughput,
        @Nullable Duration delay,
        List<Chart> charts) {

    /** A partition of a topic, an input of the backfill, or what was replayed. */
    record Source(
            String kind,
            String name,
            @Nullable Integer partition,
            long nextPosition,
            long consumed,
            long applied,
            long skipped,
            long dead,
            Instant asOf,
            @Nullable Instant appliedUntil,
            @Nullable Instant caughtUpAt,
            @Nullable Instant completedAt,
            Instant updatedAt,
            @Nullable String claimedBy) {

        public boolean isStream() {
            return kind.equals("STREAM");
        }

        /** Everything up to then is in the store, as the API's own watermark has it. */
        public Instant watermark() {
            Instant latest = asOf;
            for (Instant other : new Instant[] {appliedUntil, caughtUpAt}) {
                latest = other != null && other.isAfter(latest) ? other : latest;
            }
            return latest;
        }

        public Duration behind(Instant now) {
            Duration behind = Duration.between(watermark(), now);
            return behind.isNegative() ? Duration.ZERO : behind;
        }
    }

    /** One rebuild with what became of it. */
    record Generation(
            long number,
            String state,
            @Nullable String detail,
            String eventProfile,
            String consumerGroup,
            Instant cutover,
            List<Step> steps) {}

    /** A state that a generation came to. */
    record Step(String state, @Nullable String detail, Instant at) {}

    public List<Source> streams() {
        return sources.stream().filter(Source::isStream).toList();
    }

    public List<Source> others() {
        return sources.stream().filter(source -> !source.isStream()).toList();
    }
}

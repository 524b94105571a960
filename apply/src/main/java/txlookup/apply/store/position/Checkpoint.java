package txlookup.apply.store.position;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a batch moves its source.
 *
 * @param nextPosition the first position after the batch: the consumer's position, not the last record's plus one, for
 *     transaction markers and compaction leave holes in offsets
 * @param resumeFrom backfill only: what reading goes on from; null for a stream
 * @param bytes record bytes read for the batch
 * @param appliedUntil source time of the newest record in the batch; null for a batch without records
 * @param completes whether the source ends here; never for a stream
 * @param leaderEpoch stream only: Kafka's leader epoch of the record before {@code nextPosition}; null where unknown
 */
public record Checkpoint(
        long nextPosition,
        @Nullable String resumeFrom,
        long bytes,
        @Nullable Instant appliedUntil,
        boolean completes,
        @Nullable Integer leaderEpoch) {
    /** Progress of a source that is no stream. */
    public Checkpoint(
            long nextPosition,
            @Nullable String resumeFrom,
            long bytes,
            @Nullable Instant appliedUntil,
            boolean completes) {
        this(nextPosition, resumeFrom, bytes, appliedUntil, completes, null);
    }

    /** Progress of a stream, which has neither a resume point nor an end. */
    public static Checkpoint ofStream(long nextPosition, long bytes, @Nullable Instant appliedUntil) {
        return ofStream(nextPosition, bytes, appliedUntil, null);
    }

    /** The same with the leader epoch. */
    public static Checkpoint ofStream(
            long nextPosition, long bytes, @Nullable Instant appliedUntil, @Nullable Integer leaderEpoch) {
        return new Checkpoint(nextPosition, null, bytes, appliedUntil, false, leaderEpoch);
    }
}

package txlookup.apply.store.position;

import org.jspecify.annotations.Nullable;

/**
 * The right to move a source's position, as long as nobody claims the source again: every later claim has a greater
 * epoch, and a batch applied under an older one is rolled back (docs/architecture.md, invariant 3).
 *
 * @param sourceId the source's number in the store
 * @param epoch this claim's epoch
 * @param startPosition where the generation's coverage of this source begins
 * @param nextPosition the first position not yet applied; reading goes on here
 * @param resumeFrom backfill only: byte offset or last key that belongs to {@code nextPosition}; null at the start
 * @param topicId the topic's id when the source was registered; null where the broker gives none
 * @param completed whether a backfill input was read to its end
 * @param leaderEpoch stream only: Kafka's leader epoch of the record before {@code nextPosition}; null where unknown
 */
public record Lease(
        Source source,
        int sourceId,
        int epoch,
        long startPosition,
        long nextPosition,
        @Nullable String resumeFrom,
        @Nullable String topicId,
        boolean completed,
        @Nullable Integer leaderEpoch) {
    public Lease movedTo(Checkpoint progress) {
        return new Lease(
                source,
                sourceId,
                epoch,
                startPosition,
                progress.nextPosition(),
                progress.resumeFrom(),
                topicId,
                progress.completes(),
                progress.leaderEpoch());
    }
}

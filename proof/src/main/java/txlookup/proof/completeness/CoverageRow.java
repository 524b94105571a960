package txlookup.proof.completeness;

import org.jspecify.annotations.Nullable;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.position.SourceCounts;

/**
 * What the store says about one source of a generation.
 *
 * @param topicId the topic's id when it was anchored; null where the broker gave none
 * @param completed whether a backfill input was read to its end
 * @param markers how many of the gate's marker events were passed, which are no events
 * @param readAgain how many records are counted twice, because the position was moved back
 * @param deadLetters how many of its dead letters are kept; those that were settled may have aged out
 * @param openDeadLetters how many of them nobody settled
 */
public record CoverageRow(
        Source source,
        @Nullable String topicId,
        long startPosition,
        long nextPosition,
        boolean completed,
        SourceCounts counts,
        long markers,
        long readAgain,
        long deadLetters,
        long openDeadLetters) {
    boolean accountsForAll() {
        return counts.consumed() == counts.applied() + counts.stale() + counts.duplicate() + counts.dead();
    }
}

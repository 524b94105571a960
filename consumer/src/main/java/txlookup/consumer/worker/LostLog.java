package txlookup.consumer.worker;

import org.jspecify.annotations.Nullable;
import txlookup.consumer.offsets.GapException;

/**
 * What the polling thread found out about a partition's log; the worker asks the broker for the rest.
 *
 * @param wanted the offset that the broker refused
 * @param known what there is to say, where it is known already
 * @param isAnother whether what was polled last may come from another log, of a topic that was made again
 */
public record LostLog(long wanted, @Nullable GapException known, boolean isAnother) {
    GapException gap(PartitionClaiming claiming) throws InterruptedException {
        return known == null ? claiming.gap(wanted) : known;
    }
}

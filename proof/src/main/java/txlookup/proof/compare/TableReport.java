package txlookup.proof.compare;

import txlookup.apply.model.Entity;

/**
 * What was read of one entity.
 *
 * @param sourceRows rows of the source, before the newest of each key was taken
 * @param sourceUndecodable rows of the source about which nothing can be said
 * @param storeRows rows of the store
 * @param sourceUnsettled rows of the source outside the window
 * @param storeUnsettled rows of the store outside the window
 * @param buckets into how many buckets each side went
 * @param differingBuckets how many of them had to be looked into
 * @param isSearchedWhole whether all of those were; not when there were more differences than wanted
 */
public record TableReport(
        Entity entity,
        long sourceRows,
        long sourceUndecodable,
        long storeRows,
        long sourceUnsettled,
        long storeUnsettled,
        int buckets,
        int differingBuckets,
        boolean isSearchedWhole) {}

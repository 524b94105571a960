package txlookup.apply.store.position;

/**
 * What a committed batch did. {@code applied + stale + duplicate + dead} is the number of records consumed.
 *
 * @param claim the claim at its new position
 * @param applied rows inserted or replaced
 * @param stale snapshots that the store, or the same batch, had a newer one of
 * @param duplicate snapshots whose content was there already
 * @param dead records set aside as dead letters
 */
public record BatchResult(Lease claim, int applied, int stale, int duplicate, int dead) {
    /** The same of a batch that was rolled back. */
    public BatchResult under(Lease unmoved) {
        return new BatchResult(unmoved, applied, stale, duplicate, dead);
    }

    /** How many records the batch accounted for. */
    public int consumed() {
        return applied + stale + duplicate + dead;
    }
}

package txlookup.apply.store.deadletter;

/**
 * What became of some dead letters of a run.
 *
 * @param resolved their content is in the store
 * @param superseded the store has something newer of their keys
 * @param refused they cannot be read or stored still
 * @param discarded they are not wanted, or are marker events, which hold no data
 * @param doneTo the run is done with all dead letters up to this number
 */
public record Settled(int resolved, int superseded, int refused, int discarded, long doneTo) {
    int count() {
        return resolved + superseded + refused + discarded;
    }
}

package txlookup.apply.store;

/**
 * What one batch of dead letters came to.
 *
 * @param claim the claim at its new position
 * @param resolved their content is in the store
 * @param superseded the store has something newer of their keys
 * @param refused they cannot be read or stored still
 * @param discarded they are marker events, which hold no data
 */
public record Replayed(Claim claim, int resolved, int superseded, int refused, int discarded) {}

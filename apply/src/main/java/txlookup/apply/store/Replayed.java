package txlookup.apply.store;

/**
 * What one batch of dead letters came to.
 *
 * @param claim the claim at its new position
 */
public record Replayed(Claim claim, Settled settled) {}

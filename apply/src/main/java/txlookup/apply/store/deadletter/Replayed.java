package txlookup.apply.store.deadletter;

import txlookup.apply.store.position.Lease;

/**
 * What one batch of dead letters came to.
 *
 * @param claim the claim at its new position
 */
public record Replayed(Lease claim, Settled settled) {}

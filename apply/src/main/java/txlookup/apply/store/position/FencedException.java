package txlookup.apply.store.position;

/**
 * Somebody else claimed the source, or moved it: this worker's batch was rolled back and nothing is lost. Not to be
 * retried under this claim; the worker gives the source up.
 */
public final class FencedException extends RuntimeException {
    public FencedException(Lease claim) {
        super("%s: epoch %d at position %d is no longer the owner; its batch was rolled back"
                .formatted(claim.source(), claim.epoch(), claim.nextPosition()));
    }

    /** @param order the number of an order about dead letters */
    public FencedException(long order) {
        super("Order %d about dead letters has ended or another process took it; what this one did last was rolled back"
                .formatted(order));
    }
}

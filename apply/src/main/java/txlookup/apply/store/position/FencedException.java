package txlookup.apply.store.position;

import txlookup.apply.store.deadletter.DeadLetterRun;

/**
 * Somebody else claimed the source, or moved it: this worker's batch was rolled back and nothing is lost. Not to be
 * retried under this claim; the worker gives the source up.
 */
public final class FencedException extends RuntimeException {
    public FencedException(Lease claim) {
        super("%s: epoch %d at position %d is no longer the owner; its batch was rolled back"
                .formatted(claim.source(), claim.epoch(), claim.nextPosition()));
    }

    public FencedException(DeadLetterRun run) {
        super("Order %d about dead letters has ended or another process took it; what this one did last was rolled back"
                .formatted(run.id()));
    }
}

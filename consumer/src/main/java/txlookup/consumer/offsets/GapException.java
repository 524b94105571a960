package txlookup.consumer.offsets;

/**
 * The log no longer holds what this generation still has to read, or is not the log that it was pinned to. Reading on
 * would lose events silently, so the partition stops; a rebuild is due (docs/architecture.md, invariant 4).
 */
public final class GapException extends RuntimeException {
    public GapException(String message) {
        super(message);
    }
}

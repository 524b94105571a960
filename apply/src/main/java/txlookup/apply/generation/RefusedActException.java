package txlookup.apply.generation;

/** An act that may not be done now: whoever ordered it can mend what the message names. Nothing was changed. */
public final class RefusedActException extends RuntimeException {
    RefusedActException(String message) {
        super(message);
    }
}

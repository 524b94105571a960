package txlookup.cli.options;

/** There is no generation that a command could work on; the message says which it was and what to do. */
public final class NoGenerationException extends RuntimeException {
    public NoGenerationException(String message) {
        super(message);
    }
}

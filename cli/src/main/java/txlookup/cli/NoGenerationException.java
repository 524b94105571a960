package txlookup.cli;

/** There is no generation that a command could work on; the message says which it was and what to do. */
final class NoGenerationException extends RuntimeException {
    NoGenerationException(String message) {
        super(message);
    }
}

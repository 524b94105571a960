package txlookup.local.process;

/** Something on this machine keeps the local environment from doing what was asked; the message says what to do. */
public final class LocalEnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was wrong, what was seen and what to do, on one line; lines of a log may follow it */
    public LocalEnvironmentException(String message) {
        super(message);
    }

    /** @param message as above; {@code cause} keeps the first failure */
    public LocalEnvironmentException(String message, Throwable cause) {
        super(message, cause);
    }
}

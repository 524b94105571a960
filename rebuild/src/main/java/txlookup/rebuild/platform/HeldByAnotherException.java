package txlookup.rebuild.platform;

/** Another process works on the same environment; the message names it. */
public final class HeldByAnotherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HeldByAnotherException(String message) {
        super(message);
    }
}

package txlookup.azure.destroy.run;

/** Azure refused, or did not finish within the patience. */
final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    StoppedException(String message) {
        super(message);
    }
}

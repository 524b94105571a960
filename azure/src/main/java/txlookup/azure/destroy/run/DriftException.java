package txlookup.azure.destroy.run;

/** Something is not as the plan says; nothing more is asked of Azure. */
final class DriftException extends Exception {
    private static final long serialVersionUID = 1L;

    DriftException(String message) {
        super(message);
    }
}

package txlookup.gate.model;

/** A file of objectives that is refused, with the place of what is wrong. */
public final class SloFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    SloFileException(String message) {
        super(message);
    }
}

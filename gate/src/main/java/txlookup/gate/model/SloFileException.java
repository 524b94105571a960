package txlookup.gate.model;

/** A file of objectives that is refused, with the place of what is wrong. */
public final class SloFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong with a file, or what an objective of it cannot be. */
    public SloFileException(String message) {
        super(message);
    }
}

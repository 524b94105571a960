package txlookup.proof.completeness;

/**
 * What one source comes to.
 *
 * @param source a partition or an input, as messages name it
 * @param state whether it is proved
 * @param detail what was seen, with the numbers
 */
public record CoverageResult(String source, State state, String detail) {
    /** From the best to the worst. */
    public enum State {
        /** Everything in it is accounted for. */
        PROVED,
        /** Something is not, or not yet. */
        NOT_PROVED,
        /** Something is lost, or the log is not the one that was anchored: a rebuild is due. */
        GAP
    }
}

package txlookup.api;

/** What a lookup found. */
sealed interface Finding {
    /**
     * Something to show.
     *
     * @param count how many resources the body shows: 1, or the entries of a list, which may be none
     */
    record Found(Object body, int count) implements Finding {}

    /** Nothing with that id. */
    record Missing(String detail) implements Finding {}
}

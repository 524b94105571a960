package txlookup.api.lookup;

/** What a lookup found. */
public sealed interface LookupResult {
    /**
     * Something to show.
     *
     * @param count how many resources the body shows: 1, or the entries of a list, which may be none
     */
    public record Found(Object body, int count) implements LookupResult {}

    /** Nothing with that id. */
    public record Missing(String detail) implements LookupResult {}
}

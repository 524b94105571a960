package txlookup.api.lookup;

import org.jspecify.annotations.Nullable;

/** What a lookup found. */
public sealed interface LookupResult {
    /**
     * Something to show.
     *
     * @param count how many resources the body shows: 1, or the entries of a list, which may be none
     * @param truncatedAt how many rows are shown where there are more; null where all are shown
     */
    public record Found(Object body, int count, @Nullable Integer truncatedAt) implements LookupResult {
        /** All of it is shown. */
        public Found(Object body, int count) {
            this(body, count, null);
        }
    }

    /** Nothing with that id. */
    public record Missing(String detail) implements LookupResult {}
}

package txlookup.rebuild.steps;

/** Compares a candidate with what serves. The result is kept with the candidate, where a switch looks for it. */
public interface Comparison {
    /** Compares; a difference is no failure here, since a rebuild may have been made because what serves is wrong. */
    void compare(long candidate, long serving) throws Exception;
}

package txlookup.rebuild.steps;

import com.zaxxer.hikari.HikariDataSource;

/** Compares a candidate with what serves. The result is kept with the candidate, where a switch looks for it. */
public interface Comparison {
    /**
     * Compares; a difference is no failure here, since a rebuild may have been made because what serves is wrong.
     *
     * @param store connections to the candidate as the rebuild has them; they are not closed here
     */
    void compare(HikariDataSource store, long candidate, long serving) throws Exception;
}

package txlookup.profiles.schema;

import java.util.Objects;

/**
 * One thing that is wrong with a profile.
 *
 * @param field the property's path, such as {@code database.port}
 * @param seen what was found there; never the value of a property that may hold a secret
 * @param wanted what would be accepted
 * @param origin where the value came from: a file, an environment variable, a flag
 */
public record ProfileProblem(String field, String seen, String wanted, String origin) {

    public ProfileProblem {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(seen, "seen");
        Objects.requireNonNull(wanted, "wanted");
        Objects.requireNonNull(origin, "origin");
    }

    /** The problem as one line for people. */
    public String line() {
        return "%s: saw %s, wanted %s (%s)".formatted(field, seen, wanted, origin);
    }
}

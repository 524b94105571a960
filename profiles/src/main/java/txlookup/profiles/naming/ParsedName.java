package txlookup.profiles.naming;

import java.util.Objects;

/**
 * What a final name says about itself.
 *
 * @param kind the kind of resource
 * @param owner whose it is
 * @param env of which environment
 */
public record ParsedName(ResourceKind kind, String owner, String env) {

    public ParsedName {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(env, "env");
    }
}

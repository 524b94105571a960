package txlookup.profiles.naming;

import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;

/**
 * What every name and tag is made of (docs/policy.md, "Names and tags"). {@link Names} makes and checks the names.
 *
 * @param team prefix of every name; default "team4"
 * @param project project in long names, and the tag of the same name; default "txlookup"
 * @param shortProject project in short names, {@code naming.short} in YAML; default "tx"
 * @param owner who the environment belongs to; no default
 * @param env the environment's name; no default
 * @param envShort the environment's name in short names; default: the first letter of {@code env}
 * @param ttl the day (UTC) at or before which someone extends or destroys the environment; required in stage cloud-test
 */
public record Naming(
        String team,
        String project,
        String shortProject,
        String owner,
        String env,
        String envShort,
        Optional<LocalDate> ttl) {

    public Naming {
        Objects.requireNonNull(team, "team");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(shortProject, "shortProject");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(env, "env");
        Objects.requireNonNull(envShort, "envShort");
        Objects.requireNonNull(ttl, "ttl");
    }
}

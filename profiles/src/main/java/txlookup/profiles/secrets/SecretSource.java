package txlookup.profiles.secrets;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;

/** Where secrets come from: the environment, or a vault. */
public interface SecretSource {

    /** The secret of that name; empty when there is none or it is blank. */
    Optional<Secret> find(String name);

    /** Where this source looks, for messages: {@code the environment}, or a vault's address. */
    String describe();

    /**
     * All the named secrets, in the order asked for.
     *
     * @throws ProfileException when some are missing, naming every one of them
     */
    default Map<String, Secret> require(Collection<String> names) {
        Map<String, Secret> found = new LinkedHashMap<>();
        List<ProfileProblem> problems = new ArrayList<>();
        for (String name : names) {
            find(name)
                    .ifPresentOrElse(
                            secret -> found.put(name, secret),
                            () -> problems.add(
                                    new ProfileProblem(name, "nothing", "a secret that is not blank", describe())));
        }
        if (!problems.isEmpty()) {
            throw new ProfileException("the set of secrets in " + describe(), problems);
        }
        return found;
    }

    /** Secrets that are environment variables of the same names. */
    static SecretSource environment(Map<String, String> environment) {
        return new EnvironmentSecrets(environment);
    }
}

package txlookup.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;

/** Loads profiles in a folder of the test's own, so that neither the build's files nor its environment take part. */
public final class LoadedProfiles {

    static final Map<String, String> NO_FLAGS = Map.of();

    private final Path folder;
    private final Map<String, String> environment;

    public LoadedProfiles(Path folder) {
        this(folder, Map.of());
    }

    private LoadedProfiles(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    LoadedProfiles with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new LoadedProfiles(folder, more);
    }

    Profile load(String nameOrPath, Map<String, String> flags) {
        return new ProfileLoader(folder, environment).load(nameOrPath, flags);
    }

    public Profile local(String... pathsAndValues) {
        return load("local", flags(pathsAndValues));
    }

    Profile cloudTest(String... pathsAndValues) {
        return load("cloud-test", cloudFlags(pathsAndValues));
    }

    Profile cloudSecure(String... pathsAndValues) {
        return load("cloud-secure", withoutTtl(cloudFlags(pathsAndValues)));
    }

    public List<ProfileProblem> refusal(String nameOrPath, Map<String, String> flags) {
        ProfileException refused = catchThrowableOfType(ProfileException.class, () -> load(nameOrPath, flags));
        assertThat(refused).as("refusal of %s with %s", nameOrPath, flags).isNotNull();
        assertThat(refused.getMessage().lines())
                .as("one line for each problem, and one to begin with")
                .hasSize(refused.problems().size() + 1);
        return refused.problems();
    }

    static Map<String, String> flags(String... pathsAndValues) {
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < pathsAndValues.length; i += 2) {
            flags.put(pathsAndValues[i], pathsAndValues[i + 1]);
        }
        return flags;
    }

    /** Stage cloud-secure takes no ttl. */
    public static Map<String, String> withoutTtl(Map<String, String> flags) {
        flags.remove("naming.ttl");
        return flags;
    }

    /** The inputs that a cloud profile needs, and more. */
    public static Map<String, String> cloudFlags(String... pathsAndValues) {
        Map<String, String> flags = flags("owner", "2dt026", "env", "test", "naming.ttl", "2026-12-31");
        flags.putAll(flags(pathsAndValues));
        return flags;
    }
}

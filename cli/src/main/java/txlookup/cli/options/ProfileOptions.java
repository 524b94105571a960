package txlookup.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.Stage;
import txlookup.profiles.secrets.SecretSource;

/** Which environment a command works on; every command takes these. */
public final class ProfileOptions {
    @Option(
            names = "--profile",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME|FILE",
            defaultValue = "${env:TXLOOKUP_PROFILE:-local}",
            description = "The environment: local, cloud-test, cloud-secure or a file. Default: ${DEFAULT-VALUE}")
    private String profile;

    @Option(names = "--owner", scope = ScopeType.INHERIT, description = "Whose environment; in every name.")
    private String owner;

    @Option(names = "--env", scope = ScopeType.INHERIT, description = "Which environment; in every name.")
    private String env;

    private final Map<String, String> overrides = new LinkedHashMap<>();

    /** A setter, since what stands before a command and what stands behind it come one after the other. */
    @Option(
            names = "--set",
            scope = ScopeType.INHERIT,
            paramLabel = "PATH=VALUE",
            description = "Overrides one property of the profile, such as api.port=8090. May be repeated.")
    public void override(Map<String, String> more) {
        if (more != null) {
            overrides.putAll(more);
        }
    }

    public Profile load() {
        return resolve().profile();
    }

    /** The profile with the text from which another process loads the same. */
    public ResolvedProfile resolve() {
        Map<String, String> flags = new LinkedHashMap<>(overrides);
        if (owner != null) {
            flags.put("owner", owner);
        }
        if (env != null) {
            flags.put("env", env);
        }
        return ProfileLoader.ofThisProcess().resolve(profile, flags);
    }

    /**
     * The text of the profile that other containers are given: as it was resolved here, or, in a container, the file that it
     * was shipped itself, without what this container's own variables say.
     */
    public String shipped(ResolvedProfile resolved) throws IOException {
        return System.getenv().getOrDefault(ResolvedProfile.DIGEST, "").isEmpty()
                ? resolved.text()
                : Files.readString(Path.of(profile));
    }

    public SecretSource secrets(Profile loaded) {
        return Development.find()
                .filter(here -> loaded.stage() == Stage.LOCAL)
                .map(here -> here.secrets(loaded))
                .orElseGet(() -> SecretSource.environment(System.getenv()));
    }

    /** The same options for a process of this program. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--profile", profile));
        overrides.forEach((path, value) -> arguments.addAll(List.of("--set", path + "=" + value)));
        if (owner != null) {
            arguments.addAll(List.of("--owner", owner));
        }
        if (env != null) {
            arguments.addAll(List.of("--env", env));
        }
        return arguments;
    }
}

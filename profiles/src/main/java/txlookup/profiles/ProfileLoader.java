package txlookup.profiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import txlookup.profiles.naming.Naming;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.schema.SchemaDocument;
import txlookup.profiles.schema.YamlDocument;
import txlookup.profiles.schema.YamlDocuments;
import txlookup.profiles.settings.EventSettings;

/**
 * Reads a profile: the file, overridden by environment variables {@code TXLOOKUP_*}, overridden by flags, judged as a
 * whole. It refuses with every problem at once and corrects nothing.
 *
 * <p>The variable of a property is {@code TXLOOKUP_} and its path in capitals, with an underscore for every dot and hyphen
 * and before every inner capital: {@code database.port} is {@code TXLOOKUP_DATABASE_PORT}. {@code TXLOOKUP_OWNER} and
 * {@code TXLOOKUP_ENV} are short for {@code TXLOOKUP_NAMING_OWNER} and {@code TXLOOKUP_NAMING_ENV}. Any other variable
 * with that prefix is refused, except those that start the program ({@code TXLOOKUP_HOME}, {@code TXLOOKUP_JAVA},
 * {@code TXLOOKUP_JAVA_OPTS}, {@code TXLOOKUP_PROFILE}, {@code TXLOOKUP_BROKER_LIB}, {@code TXLOOKUP_ISSUER_LIB}, {@code TXLOOKUP_LOG}), the usual names
 * of secrets ({@code TXLOOKUP_DATABASE_PASSWORD}, {@code TXLOOKUP_EVENT_HUBS_CONNECTION_STRING},
 * {@code TXLOOKUP_BACKFILL_PASSWORD}, {@code TXLOOKUP_CURSOR_SECRET}, {@code TXLOOKUP_GATE_TOKEN}, {@code TXLOOKUP_BLOB_KEY}) and those that the profile itself names as secrets.
 */
public final class ProfileLoader {

    /** The profiles that came with the program. */
    public static final List<String> SHIPPED = List.of("local", "cloud-test", "cloud-secure");

    private static final SchemaDocument SCHEMA = SchemaDocument.load("/txlookup/profiles/profile.schema.json");
    private static final ProfileProperties PROPERTIES = new ProfileProperties(SCHEMA);

    private final Path workingDirectory;
    private final Map<String, String> environment;

    /**
     * Makes a loader.
     *
     * @param workingDirectory where {@code profiles/<name>.yaml} and relative paths are looked up
     * @param environment the process's environment variables
     */
    public ProfileLoader(Path workingDirectory, Map<String, String> environment) {
        this.workingDirectory = workingDirectory;
        this.environment = Map.copyOf(environment);
    }

    /** A loader for this process's working directory and environment. */
    public static ProfileLoader ofThisProcess() {
        return new ProfileLoader(Path.of(""), System.getenv());
    }

    /**
     * Loads a profile.
     *
     * @param nameOrPath a name, where a file {@code profiles/<name>.yaml} in the working directory wins over the one that
     *     came with the program; or the path of a file
     * @param flags property path to value; {@code owner} and {@code env} are short for {@code naming.owner} and
     *     {@code naming.env}
     * @throws ProfileException when it is refused, with every problem
     */
    public Profile load(String nameOrPath, Map<String, String> flags) {
        return resolve(nameOrPath, flags).profile();
    }

    /**
     * Loads a profile with the text that another process can load it from. Where {@value ResolvedProfile#DIGEST} is set, the
     * file has to be the one that was shipped.
     *
     * @throws ProfileException when it is refused, with every problem
     */
    public ResolvedProfile resolve(String nameOrPath, Map<String, String> flags) {
        List<ProfileProblem> problems = new ArrayList<>();
        refuseAnother(nameOrPath, problems);
        Optional<ResolvedProfile> profile = new YamlDocuments(workingDirectory, "profiles", SHIPPED)
                .find("profile", nameOrPath, "the name given", problems)
                .flatMap(file -> load(file, flags, problems));
        return profile.filter(loaded -> problems.isEmpty())
                .orElseThrow(() -> new ProfileException("profile " + nameOrPath, problems));
    }

    private void refuseAnother(String nameOrPath, List<ProfileProblem> problems) {
        String wanted = environment.getOrDefault(ResolvedProfile.DIGEST, "");
        if (wanted.isEmpty()) {
            return;
        }
        String seen;
        try {
            seen = ResolvedProfile.digest(Files.readString(workingDirectory.resolve(nameOrPath)));
        } catch (IOException | InvalidPathException e) {
            seen = "no file " + nameOrPath;
        }
        if (!seen.equals(wanted)) {
            problems.add(new ProfileProblem("(file)", seen, "the profile " + wanted, ResolvedProfile.DIGEST));
        }
    }

    private Optional<ResolvedProfile> load(
            YamlDocument file, Map<String, String> flags, List<ProfileProblem> problems) {
        Settings settings = new Settings(PROPERTIES, file, problems);
        ProfileOverrides overrides = new ProfileOverrides(PROPERTIES, problems);
        overrides.fromEnvironment(environment).forEach(settings::override);
        overrides.fromFlags(flags).forEach(settings::override);
        settings.applyDefaults();
        settings.check(SCHEMA);
        overrides.refuseUnknownVariables(environment, secretNames(settings));
        return judge(settings, file.origin()).map(profile -> new ResolvedProfile(profile, settings.text()));
    }

    private Optional<Profile> judge(Settings settings, String origin) {
        Optional<Stage> stage = StageRules.stage(settings);
        stage.ifPresent(known -> new StageRules(settings, known).check());
        new MessagingRules(settings).check();
        new PartRules(settings).check();
        Optional<EventSettings> events = new EventRules(settings, workingDirectory).events();
        NamingRules namingRules = new NamingRules(settings);
        Optional<Naming> naming = namingRules.naming();
        if (naming.isPresent() && stage.filter(Stage::isCloud).isPresent()) {
            namingRules.checkCloud(naming.get());
        }
        if (!settings.problems().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ProfileMapping(settings, stage.orElseThrow(), naming.orElseThrow())
                .profile(origin, events.orElseThrow()));
    }

    /** The variables that the profile names as secrets, which are therefore no properties. */
    private static Set<String> secretNames(Settings settings) {
        return PROPERTIES.all().stream()
                .map(ProfileProperty::path)
                .filter(path -> path.endsWith("Variable"))
                .flatMap(path -> settings.text(path).stream())
                .collect(Collectors.toSet());
    }
}

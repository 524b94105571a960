package txlookup.cli.options;

import java.sql.SQLException;
import java.util.Optional;
import picocli.CommandLine.Option;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;

/** Which generation a command works on. */
public final class GenerationOption {
    @Option(
            names = "--generation",
            converter = GenerationConverter.class,
            paramLabel = "NUMBER",
            description = "The generation. Default: the serving one.")
    private GenerationNumber generation;

    public Optional<GenerationNumber> named() {
        return Optional.ofNullable(generation);
    }

    /** @throws NoGenerationException when there is none to work on */
    public ChosenGeneration open(DatabaseRole role, Profile profile, SecretSource secrets) throws SQLException {
        return ChosenGeneration.open(role, profile, secrets, named());
    }
}

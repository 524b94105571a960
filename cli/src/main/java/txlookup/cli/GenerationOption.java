package txlookup.cli;

import java.sql.SQLException;
import java.util.Optional;
import picocli.CommandLine.Option;
import txlookup.profiles.DatabaseRole;
import txlookup.profiles.GenerationNumber;
import txlookup.profiles.Profile;
import txlookup.profiles.SecretSource;

/** Which generation a command works on. */
final class GenerationOption {
    @Option(
            names = "--generation",
            converter = GenerationConverter.class,
            paramLabel = "NUMBER",
            description = "The generation. Default: the serving one.")
    private GenerationNumber generation;

    /** The one that was named. */
    Optional<GenerationNumber> named() {
        return Optional.ofNullable(generation);
    }

    /** @throws NoGenerationException when there is none to work on */
    ChosenGeneration open(DatabaseRole role, Profile profile, SecretSource secrets) throws SQLException {
        return ChosenGeneration.open(role, profile, secrets, named());
    }
}

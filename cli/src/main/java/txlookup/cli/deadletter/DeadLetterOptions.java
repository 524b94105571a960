package txlookup.cli.deadletter;

import java.sql.SQLException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import txlookup.apply.store.deadletter.DeadLetterSelection;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.GenerationOption;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;

/** Which dead letters a command means, and who gives it. */
final class DeadLetterOptions {
    @Parameters(arity = "0..*", paramLabel = "ID", description = "Only these numbers.")
    private List<Long> ids = List.of();

    @Mixin
    private GenerationOption generation;

    @Option(names = "--reason", description = "Only those refused by this rule, such as parse_error.")
    private String reason;

    @Option(names = "--source", description = "Only those of this topic, file or table.")
    private String source;

    @Option(
            names = "--actor",
            defaultValue = "${sys:user.name}",
            description = "Who does it, for the record. Default: ${DEFAULT-VALUE}.")
    private String actor;

    ChosenGeneration open(DatabaseRole role, Profile profile, SecretSource secrets) throws SQLException {
        return generation.open(role, profile, secrets);
    }

    String actor() {
        return actor;
    }

    DeadLetterSelection selection() {
        return new DeadLetterSelection(ids, reason, source);
    }

    /** Guards what cannot be undone from a filter that was forgotten. */
    void requireNarrowed(CommandSpec spec) {
        if (ids.isEmpty() && reason == null && source == null) {
            throw new ParameterException(spec.commandLine(), "Missing: which ones; give numbers, --reason or --source");
        }
    }
}

package txlookup.cli.generation;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.StoreStats;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationConverter;
import txlookup.cli.options.Program;
import txlookup.cli.options.StoreAccess;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "generation",
        description = {
            "Generations: each rebuild has one. One serves; a rebuild makes another beside it, which is compared and switched",
            "to, and the one before is the way back until it is retired."
        },
        subcommands = {
            GenerationSwitchCommand.class,
            GenerationRollbackCommand.class,
            GenerationRetireCommand.class,
            GenerationReprocessCommand.class,
            GenerationTakeCommand.class
        },
        footer = {"", "Examples:", "  txlookup generation list", "  txlookup generation show 20261121010733"})
public final class GenerationCommand implements Runnable {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    Program main() {
        return main;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing: list, show, switch, rollback, retire, reprocess or take");
    }

    @Command(
            name = "list",
            description =
                    "Lists all generations, newest first, with the acts that are possible and the reasons against others.")
    int list() throws SQLException {
        Profile profile = main.profile().load();
        SecretSource secrets = main.profile().secrets(profile);
        try (HikariDataSource store = StoreAccess.control(DatabaseRole.READER, profile, secrets);
                PossibleActs possible = new PossibleActs(profile, secrets)) {
            for (Generation generation : new GenerationRegistry(store).list()) {
                print(generation);
                PrintWriter out = spec.commandLine().getOut();
                possible.figures(generation).ifPresent(line -> out.println("    " + line));
                possible.of(generation).forEach(line -> out.println("    " + line));
            }
        }
        return ExitCode.DONE;
    }

    @Command(name = "show", description = "One generation, with the coverage of its partitions.")
    int show(
            @Parameters(paramLabel = "NUMBER", converter = GenerationConverter.class, description = "Its number.")
                    GenerationNumber number)
            throws SQLException {
        Profile profile = main.profile().load();
        try (ChosenGeneration chosen = ChosenGeneration.open(
                DatabaseRole.READER, profile, main.profile().secrets(profile), Optional.of(number))) {
            print(chosen.generation());
            StoreStats contents = new StoreStats(chosen.store());
            PrintWriter out = spec.commandLine().getOut();
            for (StoreStats.Partition partition : contents.stream()) {
                out.println("  %s-%d  %d..%d  consumed %,d = applied %,d + stale %,d + duplicate %,d + dead %,d"
                        .formatted(
                                partition.topic(),
                                partition.partition(),
                                partition.startOffset(),
                                partition.nextOffset(),
                                partition.counts().consumed(),
                                partition.counts().applied(),
                                partition.counts().stale(),
                                partition.counts().duplicate(),
                                partition.counts().dead()));
            }
            out.println("  open dead letters %,d".formatted(contents.openDeadLetters()));
        }
        return ExitCode.DONE;
    }

    private void print(Generation generation) {
        spec.commandLine()
                .getOut()
                .println("%d  %-11s  T_cutover %s  %s"
                        .formatted(
                                generation.number(),
                                generation.state(),
                                generation.cutover(),
                                generation.consumerGroup()));
    }
}

package txlookup.cli.generation;

import java.io.PrintWriter;
import java.sql.Connection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.RefusedActException;
import txlookup.apply.generation.Switch;
import txlookup.cli.options.ExitCode;
import txlookup.profiles.Profile;

@Command(
        name = "rollback",
        description = {
            "Takes the last switch back: the way back answers again. While a generation answers a share on trial, it takes",
            "that share back. Exit code 0 done, 2 refused: the line says why, and nothing was changed."
        },
        footer = {"", "Example:", "  txlookup generation rollback --reason 'wrong amounts since the switch'"})
final class GenerationRollbackCommand implements Callable<Integer> {
    @ParentCommand
    private GenerationCommand parent;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ActOptions options;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the record.")
    private String reason;

    @Option(
            names = "--accept-lag",
            description = "Switch even if the way back lacks records of the serving generation.")
    private boolean acceptLag;

    @Override
    public Integer call() throws Exception {
        Profile profile = parent.main().profile().load();
        PrintWriter out = spec.commandLine().getOut();
        try (Connection connection =
                ActOptions.connect(profile, parent.main().profile().secrets(profile))) {
            Act act =
                    new Switch(connection, profile.serving(), out::println).rollBack(options.order(reason), acceptLag);
            out.println(act.detail());
            return ExitCode.DONE;
        } catch (RefusedActException e) {
            spec.commandLine().getErr().println("txlookup generation rollback: refused: " + e.getMessage());
            return ExitCode.REFUSED;
        }
    }
}

package txlookup.cli.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.ExitCode;
import txlookup.cli.LauncherCommand;
import txlookup.cli.Main;
import txlookup.profiles.Profile;
import txlookup.rebuild.local.LocalEnvironment;

@Command(
        name = "down",
        description = "Stops the local environment. Its data stays, unless --destroy is given.",
        footer = {"", "Example:", "  txlookup down --destroy"})
public final class DownCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--destroy", description = "Delete the data folder as well, with logs and evidence.")
    private boolean destroy;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        try (LocalEnvironment environment = new LocalEnvironment(profile, LauncherCommand.command(main.profile()))) {
            if (destroy) {
                environment.destroy();
                spec.commandLine()
                        .getOut()
                        .println("Down; %s is deleted."
                                .formatted(environment.folders().root()));
            } else {
                environment.stop();
                spec.commandLine()
                        .getOut()
                        .println("Down; the data stays in %s."
                                .formatted(environment.folders().root()));
            }
            return ExitCode.DONE;
        }
    }
}

package txlookup.cli.generation;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.options.LauncherCommand;
import txlookup.cli.options.Program;
import txlookup.profiles.Profile;

@Command(
        name = "take",
        description = {
            "Carries out the rebuilds and retirements that the console or a script ordered, one after the other. A switch",
            "needs nobody: it happens where it is ordered.",
            "Exit code 0 when all are done or none waits, 1 when a rebuild ended NO_GO, 2 when an act was refused."
        },
        footer = {"", "Examples:", "  txlookup generation take", "  txlookup generation take --wait"})
final class GenerationTakeCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 1_000;

    @ParentCommand
    private GenerationCommand parent;

    @Spec
    private CommandSpec spec;

    @Option(names = "--wait", description = "Keep taking new orders until Ctrl-C.")
    private boolean wait;

    @Option(
            names = "--evidence",
            paramLabel = "FOLDER",
            description = "Keeps a retired generation's unsettled dead letters there. Default: the local evidence.")
    private Path evidence;

    @Override
    public Integer call() throws Exception {
        Program main = parent.main();
        Profile profile = main.profile().load();
        WaitingActs acts = new WaitingActs(
                profile,
                main.profile().secrets(profile),
                LauncherCommand.command(main.profile()),
                evidence,
                spec.commandLine().getOut());
        int code = acts.takeAll();
        while (wait) {
            Thread.sleep(LOOK_EVERY_MILLIS);
            acts.takeAll();
        }
        return code;
    }
}

package txlookup.cli.rebuild;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.options.Development;
import txlookup.cli.options.LauncherCommand;
import txlookup.cli.options.Program;
import txlookup.profiles.Profile;
import txlookup.rebuild.steps.SwitchWhen;

@Command(
        name = "rebuild",
        description = {
            "Rebuilds the local environment beside the generation that serves: a new generation, loaded from the extract that",
            "was kept, caught up from the log, judged. Traffic continues. The same command resumes a killed rebuild.",
            "Exit code 0 for GO, 1 for NO_GO, 2 for a GO whose switch was refused: the line says why."
        },
        footer = {"", "Example:", "  txlookup rebuild --switch never"})
public final class RebuildCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--switch",
            defaultValue = "when-go",
            paramLabel = "never|when-go",
            description = "When the new generation answers. Default: ${DEFAULT-VALUE}")
    private String switching;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        return RebuildConsole.code(Development.require("local")
                .rebuildBeside(
                        profile,
                        LauncherCommand.command(main.profile()),
                        spec.commandLine().getOut(),
                        switchWhen()));
    }

    private SwitchWhen switchWhen() {
        return switch (switching) {
            case "never" -> SwitchWhen.NEVER;
            case "when-go" -> SwitchWhen.WHEN_GO;
            default ->
                throw new ParameterException(
                        spec.commandLine(), "--switch: saw %s; wanted never or when-go".formatted(switching));
        };
    }
}

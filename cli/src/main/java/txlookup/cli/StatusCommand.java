package txlookup.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.profiles.Profile;
import txlookup.rebuild.Journal;
import txlookup.rebuild.local.LocalEnvironment;

@Command(
        name = "status",
        description =
                "Says what of the local environment runs, and how its last rebuild went. Exit code 1 when nothing runs.",
        footer = {"", "Example:", "  txlookup status"})
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        PrintWriter out = spec.commandLine().getOut();
        Journal.read(LocalEnvironment.folders(profile).journal())
                .ifPresent(journal -> out.println("generation %d  T_cutover %s  %s"
                        .formatted(
                                journal.generation(),
                                journal.cutover(),
                                journal.isOpen() ? "not decided" : journal.verdict())));
        List<String> running = LocalEnvironment.running(profile);
        running.forEach(out::println);
        if (running.isEmpty()) {
            out.println("Nothing runs; txlookup up starts it.");
        }
        return running.isEmpty() ? ExitCode.FAILED : ExitCode.DONE;
    }
}

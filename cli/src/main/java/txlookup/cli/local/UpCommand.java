package txlookup.cli.local;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.ExitCode;
import txlookup.cli.LauncherCommand;
import txlookup.cli.Main;
import txlookup.cli.rebuild.RebuildConsole;
import txlookup.profiles.Profile;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.local.LocalEnvironment;
import txlookup.rebuild.local.LocalPlatform;

@Command(
        name = "up",
        description = {
            "Starts the local environment and leaves it running: PostgreSQL, Kafka, consumer, API.",
            "Existing data is kept and resumed; without data, an empty generation is made."
        },
        footer = {"", "Example:", "  txlookup up && txlookup status"})
public final class UpCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        RebuildConsole console = new RebuildConsole(spec.commandLine().getOut());
        try (LocalEnvironment environment = new LocalEnvironment(profile, LauncherCommand.command(main.profile()));
                LocalPlatform platform = environment.platform(profile, System.getenv())) {
            environment.beginUp();
            Optional<Long> serving = environment.journal().isPresent() ? platform.startAgain() : Optional.empty();
            if (serving.isPresent()) {
                console.print("Up again: generation %d, %s".formatted(serving.get(), platform.startApi()));
            } else {
                Evidence evidence = RebuildRunner.run(profile, platform, environment, console);
                if (RebuildConsole.code(evidence) != ExitCode.DONE) {
                    return RebuildConsole.code(evidence);
                }
            }
            console.print("Publish to %s (topics %s, %s); look up at %s/admin/tx/{tx_id}"
                    .formatted(
                            profile.messaging().bootstrapServers(),
                            profile.ledgerTopic(),
                            profile.paymentOrderTopic(),
                            platform.startApi()));
            return ExitCode.DONE;
        }
    }
}

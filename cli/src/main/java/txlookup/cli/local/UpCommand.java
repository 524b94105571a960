package txlookup.cli.local;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.LauncherCommand;
import txlookup.cli.options.Program;
import txlookup.cli.rebuild.RebuildConsole;
import txlookup.local.issuer.IssuerProgram;
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
    private Program main;

    @Spec
    private CommandSpec spec;

    private static Map<String, String> signIn(Profile profile) {
        return Map.of(
                "api.auth.mode",
                "oidc",
                "api.auth.issuer",
                "http://127.0.0.1:" + profile.local().issuerPort(),
                "api.auth.audience",
                IssuerProgram.AUDIENCE,
                "api.auth.signIn.clientId",
                IssuerProgram.CLIENT);
    }

    @Option(
            names = "--sign-in",
            description = {
                "Starts an issuer as well, and people sign in to the console there.",
                "They are reader, auditor and operator; each one's password is the name."
            })
    private boolean signIn;

    @Override
    public Integer call() throws Exception {
        if (signIn) {
            main.profile().override(signIn(main.profile().load()));
        }
        Profile profile = main.profile().load();
        RebuildConsole console = new RebuildConsole(spec.commandLine().getOut());
        try (LocalEnvironment environment = new LocalEnvironment(profile, LauncherCommand.command(main.profile()));
                LocalPlatform platform = environment.platform(profile, System.getenv())) {
            environment.beginUp();
            if (signIn) {
                console.print("People sign in at %s as reader, auditor or operator; the password is the name"
                        .formatted(platform.startIssuer()));
            }
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

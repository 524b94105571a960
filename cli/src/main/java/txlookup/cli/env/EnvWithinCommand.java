package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.blob.BlobFolder;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.kept.KeptBlobs;
import txlookup.azure.recreate.Groundwork;
import txlookup.azure.recreate.WithinJob;
import txlookup.cli.view.FollowedRun;
import txlookup.profiles.Profile;

@Command(
        name = "within",
        description = {
            "Runs a command of this program in a job within the environment, which reaches database, log and apps.",
            "The command has the environment's own profile and secrets; give it neither. Ctrl-C leaves it running.",
            "What it leaves in the chain of evidence is kept and brought here. The exit code is that of the command."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup env within --profile cloud-secure --owner kim --env prod -- audit export",
            "  txlookup env within --profile cloud-secure --owner kim --env prod -- generation list",
            "  txlookup env within --profile cloud-secure --owner kim --env prod -- generation rollback --reason TEXT"
        })
final class EnvWithinCommand implements Callable<Integer> {
    static final String LET_IN = "Let this address in to a secured environment's storage account first.";

    @ParentCommand
    private EnvCommand env;

    @Mixin
    private SubscriptionOption where;

    @Option(names = "--operator-address", paramLabel = "IPV4", defaultValue = "", description = LET_IN)
    private String operatorAddress;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command with its arguments, after --.")
    private List<String> command;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        return run(
                env.profile().load(),
                where,
                operatorAddress,
                command,
                Optional.empty(),
                spec.commandLine().getOut());
    }

    /** @param objectives a file of this machine that the command is to judge by */
    static int run(
            Profile profile,
            SubscriptionOption where,
            String operatorAddress,
            List<String> command,
            Optional<Path> objectives,
            PrintWriter out)
            throws IOException, InterruptedException {
        letIn(profile, where, operatorAddress);
        URI account = account(profile, where);
        FollowedRun run = open(profile, where, account, out);
        WithinJob.Run deployed = run.job()
                .deployed()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the environment %s/%s has no job to run it in; make it with recreate or promote --within"
                                .formatted(
                                        profile.naming().owner(),
                                        profile.naming().env())));
        List<String> whole =
                EnvWithin.carryOut(account, command, EnvWithin.objectives(objectives, KeptBlobs.evidence(account)));
        Optional<String> running = run.joined(deployed.image(), deployed.profile(), whole);
        if (running.isPresent()) {
            return run.follow(running.get());
        }
        run.job().instruct(whole);
        return run.follow(run.start(whole));
    }

    /** What runs now, else what ran last. */
    static int follow(Profile profile, SubscriptionOption where, String operatorAddress, PrintWriter out)
            throws IOException, InterruptedException {
        letIn(profile, where, operatorAddress);
        URI account = account(profile, where);
        FollowedRun run = open(profile, where, account, out);
        return run.follow(run.newest()
                .orElseThrow(() -> new IllegalArgumentException("nothing ran within %s/%s yet"
                        .formatted(profile.naming().owner(), profile.naming().env()))));
    }

    private static void letIn(Profile profile, SubscriptionOption where, String address)
            throws IOException, InterruptedException {
        if (!address.isEmpty()) {
            Groundwork.letIn(where.client(call -> {}), where.target(profile), address);
        }
    }

    private static FollowedRun open(Profile profile, SubscriptionOption where, URI account, PrintWriter out)
            throws IOException, InterruptedException {
        BlobFolder evidence = KeptBlobs.evidence(account);
        evidence.awaitAccess();
        return new FollowedRun(
                where.client(call -> {}),
                where.target(profile),
                evidence,
                EnvCreator.journals(profile).resolve("evidence"),
                out);
    }

    /** @throws IllegalArgumentException when nothing is kept of that environment */
    private static URI account(Profile profile, SubscriptionOption where) throws IOException, InterruptedException {
        Target target = where.target(profile);
        return Groundwork.blobs(where.client(call -> {}), target, Sleeper.real())
                .orElseThrow(() -> new IllegalArgumentException(
                        "nothing is kept of %s/%s: it was not made from within; give recreate or promote --within"
                                .formatted(target.owner(), target.env())));
    }
}

package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.recreate.Promotion;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.ProfileOptions;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.Stage;

@Command(
        name = "promote",
        description = {
            "Makes the secured environment on its own resources, from a stage A rebuild that passed. The evidence has to be",
            "GO, fresh, of the same image, and in an unchanged chain of evidence. The same seven steps, smoke",
            "test and gates then decide about stage B.",
            "Exit code 1 when the evidence is refused; Azure received no request then."
        },
        footer = {
            "",
            "Example:",
            "  txlookup env promote --profile cloud-secure --owner kim --env prod --from .txlookup/evidence/20261121010733 \\",
            "    --subscription 11111111-2222-3333-4444-555555555555 --image registry.example/txlookup@sha256:<64 digits>"
        })
final class EnvPromoteCommand implements Callable<Integer> {
    @ParentCommand
    private EnvCommand env;

    @Mixin
    private EnvInputs inputs;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "EVIDENCE",
            description = "Folder of the stage A rebuild's evidence.")
    private Path from;

    @Option(
            names = "--max-age-hours",
            paramLabel = "HOURS",
            defaultValue = "24",
            description = "How old the evidence may be. Default: ${DEFAULT-VALUE}.")
    private long maxAgeHours;

    @Option(names = "--check-only", description = "Judges the evidence and makes nothing.")
    private boolean checkOnly;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ProfileOptions options = env.profile();
        ResolvedProfile profile = inputs.profile(options);
        if (profile.profile().stage() != Stage.CLOUD_SECURE) {
            throw new IllegalArgumentException("only stage cloud-secure is promoted to; give --profile cloud-secure");
        }
        Promotion promotion = Promotion.read(from);
        String commit =
                System.getenv().getOrDefault("TXLOOKUP_GIT_SHA", System.getenv().getOrDefault("GITHUB_SHA", ""));
        List<String> refusals =
                promotion.refusals(Instant.now(), Duration.ofHours(maxAgeHours), inputs.digest(), commit);
        PrintWriter out = spec.commandLine().getOut();
        out.println("Evidence     " + promotion.describe());
        if (!refusals.isEmpty()) {
            refusals.forEach(refusal -> out.println("refused      " + refusal));
            out.println("Not promoted. Rebuild stage A with this image, and promote its evidence.");
            return ExitCode.FAILED;
        }
        out.println("allowed      GO, fresh, of this image, and its chain is whole");
        out.flush();
        return checkOnly ? ExitCode.DONE : new EnvCreator(options, inputs, out).run(profile);
    }
}

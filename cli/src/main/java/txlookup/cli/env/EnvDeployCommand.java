package txlookup.cli.env;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.recreate.EnvironmentRollout;

@Command(
        name = "deploy",
        description = {
            "Gives the lookup API another image, and changes nothing else. A revision of it starts beside the serving one.",
            "It gets the traffic when the smoke test and the gates held. After a kill, the same command resumes.",
            "Exit code 0 for GO, 1 for NO_GO, 2 when it was refused."
        },
        footer = {
            "",
            "Example:",
            "  txlookup env deploy --profile cloud-test --owner kim --env dev --set naming.ttl=2026-12-31 \\",
            "    --subscription 11111111-2222-3333-4444-555555555555 --image registry.example/txlookup@sha256:<64 digits>"
        })
final class EnvDeployCommand implements Callable<Integer> {
    @ParentCommand
    private EnvCommand env;

    @Mixin
    private AppMove move;

    @Option(
            names = "--image",
            required = true,
            paramLabel = "IMAGE",
            description = "REGISTRY/REPOSITORY@sha256:DIGEST; copied into the environment's own registry.")
    private String image;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, for the evidence.")
    private String reason;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        return move.run(
                env.profile(),
                "deploy",
                image,
                reason,
                EnvironmentRollout::deploy,
                spec.commandLine().getOut());
    }
}

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
        name = "rollback-app",
        description = {
            "Gives the traffic back to the revision of the lookup API that answered before the last deploy.",
            "A smoke test comes before the move, the gates come after it. After a kill, the same command resumes.",
            "Exit code 0 for GO, 1 for NO_GO, 2 when there is no earlier revision."
        },
        footer = {
            "",
            "Example:",
            "  txlookup env rollback-app --profile cloud-test --owner kim --env dev --set naming.ttl=2026-12-31 \\",
            "    --subscription 11111111-2222-3333-4444-555555555555 --reason 'wrong amounts since the deploy'"
        })
final class EnvRollbackAppCommand implements Callable<Integer> {
    @ParentCommand
    private EnvCommand env;

    @Mixin
    private AppMove move;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the evidence.")
    private String reason;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        return move.run(
                env.profile(),
                "rollback-app",
                "",
                reason,
                EnvironmentRollout::rollBack,
                spec.commandLine().getOut());
    }
}

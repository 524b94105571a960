package txlookup.cli.env;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.options.ProfileOptions;
import txlookup.cli.options.Program;

@Command(
        name = "env",
        subcommands = {
            EnvCheckCommand.class,
            EnvRecreateCommand.class,
            EnvPromoteCommand.class,
            EnvDeployCommand.class,
            EnvRollbackAppCommand.class,
            EnvDriftCommand.class,
            EnvPlanCommand.class,
            EnvDestroyCommand.class,
            EnvSweepCommand.class,
            EnvWithinCommand.class,
            EnvCarryOutCommand.class
        },
        description = {
            "Azure environments: planned, destroyed by plan, made again, promoted, swept.",
            "It destroys only resources whose name and tags both show this owner and env."
        },
        footer = {
            "",
            "Examples, on the fake (azure/README.md, Practise a rebuild):",
            "  txlookup env fake --owner kim --env dev",
            "  txlookup env plan --profile cloud-test --owner kim --env dev --set naming.ttl=2026-12-31 \\",
            "    --subscription 11111111-2222-3333-4444-555555555555 --arm http://127.0.0.1:18443 --out plan.json",
            "  txlookup env destroy --plan plan.json --confirm 0123456789ab"
        })
public final class EnvCommand implements Runnable {
    static final Path EVIDENCE = Path.of(".txlookup", "evidence");

    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    public ProfileOptions profile() {
        return main.profile();
    }

    @Command(
            name = "follow",
            description = {
                "Follows what runs within an environment, or shows what ran there last, and brings its evidence here.",
                "Ctrl-C leaves it running. The exit code is that of the run."
            },
            footer = {
                "",
                "Example:",
                "  txlookup env follow --profile cloud-secure --owner kim --env prod \\",
                "    --subscription 11111111-2222-3333-4444-555555555555"
            })
    int follow(
            @Mixin SubscriptionOption where,
            @Option(
                            names = "--operator-address",
                            paramLabel = "IPV4",
                            defaultValue = "",
                            description = EnvWithinCommand.LET_IN)
                    String operatorAddress)
            throws IOException, InterruptedException {
        return EnvWithinCommand.follow(
                profile().load(), where, operatorAddress, spec.commandLine().getOut());
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing: check, recreate, promote, deploy, rollback-app, drift, plan, destroy, sweep, within or follow");
    }
}

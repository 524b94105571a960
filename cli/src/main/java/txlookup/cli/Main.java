package txlookup.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import txlookup.cli.audit.AuditCommand;
import txlookup.cli.audit.EvidenceCommand;
import txlookup.cli.backfill.BackfillCommand;
import txlookup.cli.backfill.GenerateCommand;
import txlookup.cli.deadletter.DlqCommand;
import txlookup.cli.env.EnvCommand;
import txlookup.cli.gate.AlertsCommand;
import txlookup.cli.gate.SloGateCommand;
import txlookup.cli.gate.SmokeCommand;
import txlookup.cli.generation.GenerationCommand;
import txlookup.cli.migrate.MigrateCommand;
import txlookup.cli.options.Development;
import txlookup.cli.options.ProfileOptions;
import txlookup.cli.options.Program;
import txlookup.cli.rebuild.RebuildCommand;
import txlookup.cli.service.ConsumeCommand;
import txlookup.cli.service.ServeCommand;
import txlookup.cli.verify.VerifyCommand;

/** The commands that {@code txlookup} is made of. */
@Command(
        name = "txlookup",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        description = "A rebuildable copy of payments and ledger, looked up by operators.",
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        subcommands = {
            MigrateCommand.class,
            RebuildCommand.class,
            BackfillCommand.class,
            ConsumeCommand.class,
            ServeCommand.class,
            GenerateCommand.class,
            SmokeCommand.class,
            VerifyCommand.class,
            SloGateCommand.class,
            AlertsCommand.class,
            AuditCommand.class,
            GenerationCommand.class,
            DlqCommand.class,
            EnvCommand.class,
            EvidenceCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done or passed, 1 failed or NO_GO, 2 could not be judged, 3 a gap in the log,",
            "4 wrong usage or configuration, 5 the environment is not reachable,",
            "6 the broker wants the older Kafka client, which the image's launcher then starts."
        })
public final class Main implements Program, Runnable {
    @Mixin
    private ProfileOptions profile;

    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int code = commandLine().execute(arguments);
        System.exit(code);
    }

    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        Development.find().ifPresent(here -> here.addTo(commandLine));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler(new Failures());
        commandLine.setParameterExceptionHandler(Failures::usage);
        return commandLine;
    }

    @Override
    public ProfileOptions profile() {
        return profile;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing: a command; --help lists them");
    }
}

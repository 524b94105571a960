package txlookup.cli.local;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.api.audit.CommandAudit;
import txlookup.cli.audit.LastExport;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.LauncherCommand;
import txlookup.cli.options.Program;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.rebuild.local.LocalEnvironment;

@Command(
        name = "down",
        description = {
            "Stops the local environment. Its data stays, unless --destroy is given.",
            "--destroy first exports the audit to audit.exportTo, and refuses while rows of it are in no export.",
            "A database that the profile names stays in both cases, with its audit."
        },
        footer = {"", "Example:", "  txlookup down --destroy"})
public final class DownCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--destroy", description = "Delete the data folder as well, with logs and evidence.")
    private boolean destroy;

    @Option(names = "--discard-audit", description = "With --destroy: let the audit go as well, exported or not.")
    private boolean discardAudit;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        try (LocalEnvironment environment = new LocalEnvironment(profile, LauncherCommand.command(main.profile()))) {
            if (destroy) {
                Optional<String> obstacle = auditObstacle(environment, profile);
                if (obstacle.isPresent()) {
                    spec.commandLine().getErr().println("Not destroyed: " + obstacle.get());
                    return ExitCode.FAILED;
                }
                environment.destroy();
                spec.commandLine()
                        .getOut()
                        .println("Down; %s is deleted."
                                .formatted(environment.folders().root()));
            } else {
                environment.stop();
                spec.commandLine()
                        .getOut()
                        .println("Down; the data stays in %s."
                                .formatted(environment.folders().root()));
            }
            return ExitCode.DONE;
        }
    }

    /** What a demo made, the next demo makes again without asking; so its audit is of nobody's lookups. */
    private Optional<String> auditObstacle(LocalEnvironment environment, Profile profile) throws Exception {
        if (discardAudit || environment.isOfDemo()) {
            return Optional.empty();
        }
        Optional<HikariDataSource> store;
        try {
            store = environment.store(DatabaseRole.AUDITOR, profile, System.getenv());
        } catch (LocalEnvironmentException e) {
            return Optional.of(
                    "its database does not start, so nobody knows what its audit holds; pass --discard-audit. "
                            + e.getMessage());
        }
        if (store.isEmpty()) {
            return Optional.empty();
        }
        try (HikariDataSource open = store.get()) {
            return new LastExport(
                            open, profile.audit().exportTo(), spec.commandLine().getOut())
                    .run(new CommandAudit.Done(
                            System.getProperty("user.name"),
                            "DESTROY_ENVIRONMENT",
                            "ENVIRONMENT",
                            environment.folders().root().toString(),
                            "txlookup down --destroy",
                            null));
        }
    }
}

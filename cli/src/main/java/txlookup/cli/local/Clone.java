package txlookup.cli.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import txlookup.cli.lint.MigrateLintCommand;
import txlookup.cli.lint.MigratePlanCommand;
import txlookup.cli.options.Development;
import txlookup.cli.practice.EnvFakeCommand;
import txlookup.cli.rebuild.RebuildConsole;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.local.Beside;
import txlookup.rebuild.local.LocalEnvironment;
import txlookup.rebuild.local.LocalSecrets;
import txlookup.rebuild.platform.ConsumerProcesses;
import txlookup.rebuild.steps.SwitchWhen;

/** Everything that a clone adds; META-INF/services names it. */
public final class Clone implements Development {
    @Override
    public void addTo(CommandLine txlookup) {
        List.of(new DemoCommand(), new UpCommand(), new DownCommand(), new StatusCommand())
                .forEach(txlookup::addSubcommand);
        Map<String, CommandLine> families = txlookup.getSubcommands();
        families.get("migrate").addSubcommand(new MigratePlanCommand()).addSubcommand(new MigrateLintCommand());
        families.get("env").addSubcommand(new EnvFakeCommand());
    }

    @Override
    public SecretSource secrets(Profile profile) {
        return new LocalSecrets(LocalEnvironment.folders(profile), System.getenv());
    }

    @Override
    public Optional<URI> consumer(Profile profile, long generation) {
        return LocalEnvironment.consumerAddress(profile, generation);
    }

    @Override
    public ConsumerProcesses consumers(Profile profile) {
        return LocalEnvironment.consumers(profile);
    }

    @Override
    public Evidence rebuildBeside(Profile profile, List<String> self, PrintWriter out, SwitchWhen switching)
            throws IOException, InterruptedException {
        try (LocalEnvironment environment = LocalEnvironment.toRebuild(profile, self);
                Beside beside = new Beside(environment, profile, System.getenv())) {
            return RebuildRunner.beside(profile, beside, environment, new RebuildConsole(out), switching);
        }
    }

    @Override
    public boolean isItsFailure(Throwable failure) {
        return failure instanceof LocalEnvironmentException;
    }
}

package txlookup.cli.generation;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.RefusedActException;
import txlookup.apply.generation.Retire;
import txlookup.apply.store.deadletter.DeadLetters;
import txlookup.cli.options.BrokerLogin;
import txlookup.cli.options.Development;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationConverter;
import txlookup.cli.options.StoreAccess;
import txlookup.consumer.offsets.ConsumerGroups;
import txlookup.profiles.Profile;
import txlookup.profiles.Stage;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;

@Command(
        name = "retire",
        description = {
            "Removes a generation that does not serve: its consumer, its group on the broker and its schema. It is never",
            "taken back; a command that was killed is continued by the same command.",
            "Exit code 0 done, 2 refused: the line says why, and nothing was changed."
        },
        footer = {"", "Example:", "  txlookup generation retire 20261121010733"})
final class GenerationRetireCommand implements Callable<Integer> {
    @ParentCommand
    private GenerationCommand parent;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ActOptions options;

    @Parameters(paramLabel = "NUMBER", converter = GenerationConverter.class, description = "The generation.")
    private GenerationNumber generation;

    @Option(names = "--early", description = "Retire the way back within its window; needs --reason.")
    private boolean early;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    private String reason;

    @Option(
            names = "--evidence",
            paramLabel = "FOLDER",
            description = "Keeps its unsettled dead letters there. Default: the local environment's evidence.")
    private Path evidence;

    @Override
    public Integer call() throws Exception {
        if (early && reason == null) {
            throw new ParameterException(
                    spec.commandLine(), "--early gives the way back up; say why with --reason TEXT");
        }
        Profile profile = parent.main().profile().load();
        SecretSource secrets = parent.main().profile().secrets(profile);
        PrintWriter out = spec.commandLine().getOut();
        try (Connection connection = ActOptions.asItsLogin(profile, secrets)) {
            Act act = new Retire(connection, profile.serving(), outside(profile, secrets, evidence, out), out::println)
                    .retire(generation.value(), options.order(reason), early);
            out.println(act.detail());
            return ExitCode.DONE;
        } catch (RefusedActException e) {
            spec.commandLine().getErr().println("txlookup generation retire: refused: " + e.getMessage());
            return ExitCode.REFUSED;
        }
    }

    /** What the generation has outside of the store, on any platform. */
    static Retire.Outside outside(Profile profile, SecretSource secrets, @Nullable Path evidence, PrintWriter out) {
        return new Outside(profile, secrets, evidence, out);
    }

    private record Outside(
            Profile profile, SecretSource secrets, @Nullable Path evidence, PrintWriter out) implements Retire.Outside {
        @Override
        public void stopConsumer(long generation) throws Exception {
            // Elsewhere a consumer ends by itself once its generation is RETIRING; here its files have to go too.
            if (profile.stage() == Stage.LOCAL) {
                Development.require("local").consumers(profile).stop(generation);
            }
        }

        @Override
        public void keepUnsettled(long generation) throws Exception {
            Path folder = (evidence == null ? profile.local().evidence() : evidence).resolve(Long.toString(generation));
            try (HikariDataSource store = StoreAccess.generation(DatabaseRole.READER, profile, secrets, generation)) {
                long kept = new UnsettledDeadLetters(new DeadLetters(store)).keep(folder);
                if (kept > 0) {
                    out.println("%,d dead letters that nobody settled are kept in %s"
                            .formatted(kept, folder.resolve(UnsettledDeadLetters.FILE)));
                }
            }
        }

        @Override
        public void deleteGroup(String group) throws Exception {
            ConsumerGroups.delete(BrokerLogin.added(profile.messaging().adminProperties(), profile, secrets), group);
        }
    }
}

package txlookup.cli.practice;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.LocalServices;
import txlookup.cli.env.EnvCommand;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.LauncherCommand;
import txlookup.profiles.Profile;

@Command(
        name = "fake",
        description = {
            "A fake Azure on this machine to practise on: an environment of that owner and env that is due, and",
            "neighbours that nobody may touch. What is made in it is real: PostgreSQL, Kafka and processes of this",
            "program on this machine. Runs until Ctrl-C."
        })
public final class EnvFakeCommand implements Callable<Integer> {
    private static final Path PRACTICE = Path.of(".txlookup", "practice");
    private static final int PRACTICE_THROTTLES_EVERY = 25;

    @ParentCommand
    private EnvCommand env;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", defaultValue = "18443", description = "Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(names = "--empty", description = "Without the environment that is due.")
    private boolean empty;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Profile profile = env.profile().load();
        Target target = Target.of(FakeAzure.SUBSCRIPTION, profile);
        String yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1).toString();
        LocalServices services = new LocalServices(PRACTICE, LauncherCommand.program());
        Runtime.getRuntime().addShutdownHook(new Thread(services::close, "stop-practice"));
        try (FakeAzure azure =
                FakeAzure.start(port, new FakeAzure.Slowness(2, 1, 1, PRACTICE_THROTTLES_EVERY, 30), services)) {
            azure.arrange(world -> {
                world.appearLater(30).neighbours(target.naming());
                if (!empty) {
                    world.environment(target.naming(), yesterday);
                }
            });
            PrintWriter out = spec.commandLine().getOut();
            out.println("A fake Azure at %s, subscription %s, %d groups and resources; Ctrl-C ends it"
                    .formatted(
                            azure.endpoint(),
                            FakeAzure.SUBSCRIPTION,
                            azure.ids().size()));
            out.println("Those inside its private networks find it at " + azure.inside());
            out.flush();
            Thread.currentThread().join();
        }
        return ExitCode.DONE;
    }
}

package txlookup.cli.generation;

import java.io.PrintWriter;
import java.sql.Connection;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.Acts;
import txlookup.apply.generation.RefusedActException;
import txlookup.apply.generation.Switch;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationConverter;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;

@Command(
        name = "switch",
        description = {
            "Lets a generation answer all lookups, or a share of them on trial. The generation before stays the way back.",
            "It needs a recent comparison with the serving generation (txlookup verify --against) without a difference.",
            "Exit code 0 done, 1 taken back by the watch (with --watch), 2 refused: the line says why, and nothing was changed."
        },
        footer = {
            "",
            "Examples:",
            "  txlookup generation switch 20261128010824 --share 10 --reason 'trial'",
            "  txlookup generation switch 20261128010824 --reason 'rebuilt with the new event profile'"
        })
public final class GenerationSwitchCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 250;

    @ParentCommand
    private GenerationCommand parent;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ActOptions options;

    @Parameters(paramLabel = "NUMBER", converter = GenerationConverter.class, description = "The generation.")
    private GenerationNumber generation;

    @Option(
            names = "--share",
            defaultValue = "100",
            paramLabel = "PERCENT",
            description = "Per cent of the lookups, 1 to 100. Default: ${DEFAULT-VALUE}.")
    private int share;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the record.")
    private String reason;

    @Option(
            names = "--accept-differences",
            paramLabel = "HASH",
            description =
                    "Accept the differences of the comparison with this evidence, because the serving generation is wrong.")
    private String accepted;

    @Option(
            names = "--watch",
            description = "Stay as long as the watch can take it back, serving.watch of the profile.")
    private boolean watch;

    @Override
    public Integer call() throws Exception {
        Profile profile = parent.main().profile().load();
        PrintWriter out = spec.commandLine().getOut();
        try (Connection connection =
                ActOptions.connect(profile, parent.main().profile().secrets(profile))) {
            Act act = new Switch(connection, profile.serving(), out::println)
                    .switchTo(generation.value(), share, options.order(reason), accepted);
            out.println(act.detail());
            out.flush();
            return watch ? watch(connection, act, profile) : ExitCode.DONE;
        } catch (RefusedActException e) {
            spec.commandLine().getErr().println("txlookup generation switch: refused: " + e.getMessage());
            return ExitCode.REFUSED;
        }
    }

    private int watch(Connection connection, Act act, Profile profile) throws Exception {
        long deadline = System.nanoTime() + profile.serving().watch().toNanos();
        Acts acts = new Acts(connection);
        while (System.nanoTime() < deadline) {
            Optional<Act> back = acts.takenBack(act);
            if (back.isPresent()) {
                spec.commandLine()
                        .getErr()
                        .println("txlookup generation switch: taken back: "
                                + back.get().detail());
                return ExitCode.FAILED;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return ExitCode.DONE;
    }
}

package txlookup.cli.generation;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;
import txlookup.apply.generation.Acts;
import txlookup.apply.generation.RefusedActException;
import txlookup.apply.generation.Retire;
import txlookup.cli.options.Development;
import txlookup.cli.options.ExitCode;
import txlookup.profiles.Profile;
import txlookup.profiles.Stage;
import txlookup.profiles.secrets.SecretSource;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.steps.SwitchWhen;

/**
 * Carries out the rebuilds and retirements that the console or a script ordered: they need more than a service may do, so
 * a process of an operator takes them.
 */
public final class WaitingActs {
    private final Profile profile;
    private final SecretSource secrets;
    private final List<String> self;
    private final @Nullable Path evidence;
    private final PrintWriter out;

    /**
     * @param self how this program is started, up to and without its command
     * @param evidence keeps what goes with a retired generation; null for the local environment's
     */
    public WaitingActs(
            Profile profile, SecretSource secrets, List<String> self, @Nullable Path evidence, PrintWriter out) {
        this.profile = profile;
        this.secrets = secrets;
        this.self = self;
        this.evidence = evidence;
        this.out = out;
    }

    /** Carries out all that wait, the oldest first; the worst exit code among them. */
    public int takeAll() throws Exception {
        int code = ExitCode.DONE;
        for (Act act : waiting()) {
            out.println("act %d: %s%s, ordered by %s%s"
                    .formatted(
                            act.id(),
                            act.kind().name().toLowerCase(Locale.ROOT),
                            act.target() == null ? "" : " of generation " + act.target(),
                            act.actor(),
                            act.reason() == null ? "" : ": " + act.reason()));
            out.flush();
            code = Math.max(code, act.kind() == Kind.RETIRE ? retire(act) : rebuild(act));
        }
        return code;
    }

    private List<Act> waiting() throws SQLException {
        try (var connection = ActOptions.connect(profile, secrets)) {
            return new Acts(connection).waiting();
        }
    }

    private int retire(Act act) throws Exception {
        try (var connection = ActOptions.asItsLogin(profile, secrets)) {
            Act done = new Retire(
                            connection,
                            profile.serving(),
                            GenerationRetireCommand.outside(profile, secrets, evidence, out),
                            out::println)
                    .retire(
                            Objects.requireNonNull(act.target()),
                            new Act.Order(act.actor(), act.reason()),
                            Boolean.TRUE.equals(act.bounds().early()));
            out.println(done.detail());
            return ExitCode.DONE;
        } catch (RefusedActException e) {
            out.println("refused: " + e.getMessage());
            return ExitCode.REFUSED;
        }
    }

    private int rebuild(Act act) throws Exception {
        if (profile.stage() != Stage.LOCAL) {
            end(act, Outcome.REFUSED, "a rebuild beside what serves is made on a local environment alone so far");
            return ExitCode.REFUSED;
        }
        Evidence made = Development.require("local").rebuildBeside(profile, self, out, SwitchWhen.NEVER);
        boolean go = made.decision().go();
        end(
                act,
                go ? Outcome.DONE : Outcome.FAILED,
                go
                        ? "generation %d is READY".formatted(made.generation())
                        : "NO_GO, %s: %s"
                                .formatted(
                                        made.decision().cause(), made.decision().reason()));
        return go ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void end(Act act, Outcome outcome, String detail) throws SQLException {
        try (var connection = ActOptions.connect(profile, secrets)) {
            new Acts(connection).end(act, outcome, detail);
        }
        out.println(detail);
    }
}

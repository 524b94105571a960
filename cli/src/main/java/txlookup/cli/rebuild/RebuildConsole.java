package txlookup.cli.rebuild;

import java.io.PrintWriter;
import java.time.Duration;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.cli.options.ExitCode;
import txlookup.cli.view.BackfillConsole;
import txlookup.rebuild.RebuildListener;
import txlookup.rebuild.evidence.Decision;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.Step;

/** Shows a rebuild: a line a step and gate, and on a terminal the backfill's progress in between. */
public final class RebuildConsole implements RebuildListener {
    private final PrintWriter out;
    private final BackfillConsole backfill;

    public RebuildConsole(PrintWriter out) {
        this.out = out;
        this.backfill = new BackfillConsole(out);
    }

    @Override
    public void begins(Journal journal, boolean resumed) {
        print("%s generation %d, T_cutover %s"
                .formatted(resumed ? "Going on with" : "Rebuilding as", journal.generation(), journal.cutover()));
    }

    @Override
    public void stepBegins(Step step) {
        backfill.clearLine();
    }

    @Override
    public void stepEnds(Step step, Duration elapsed, String detail) {
        backfill.clearLine();
        print("[%d/7] %-36s %5.1f s  %s".formatted(step.number(), step.title(), elapsed.toMillis() / 1000.0, detail));
    }

    @Override
    public void gate(GateResult gate) {
        print("gate  %-36s %-7s  %s (wanted %s)"
                .formatted(gate.gate(), gate.passed() ? "pass" : "FAIL", gate.measured(), gate.wanted()));
    }

    @Override
    public BackfillProgress backfill() {
        return backfill;
    }

    public void verdict(Evidence evidence, String evidenceFolder) {
        Decision decision = evidence.decision();
        double seconds = Duration.between(evidence.started(), evidence.ended()).toMillis() / 1000.0;
        print("%s in %.1f s; evidence in %s".formatted(decision.verdict(), seconds, evidenceFolder));
        if (decision.go()) {
            print(evidence.handover().shown(evidence.generation()));
        } else {
            print("  %s: %s".formatted(decision.cause(), decision.reason()));
            print("  owner %s; again after %s, once this is done: %s"
                    .formatted(decision.owner(), decision.retryAfter(), decision.unblock()));
        }
    }

    /** 0 for a GO that ended as it was to, 1 for a NO_GO, 2 for a GO whose switch was refused. */
    public static int code(Evidence evidence) {
        if (!evidence.decision().go()) {
            return ExitCode.FAILED;
        }
        return evidence.handover().refused() == null ? ExitCode.DONE : ExitCode.REFUSED;
    }

    public PrintWriter out() {
        return out;
    }

    public void print(String line) {
        out.println(line);
        out.flush();
    }
}

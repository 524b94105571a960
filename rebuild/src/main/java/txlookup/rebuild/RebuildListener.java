package txlookup.rebuild;

import java.time.Duration;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.Step;

/** Is told how a rebuild goes. */
public interface RebuildListener {
    /** The generation is known; {@code resumed} when an earlier process began it. */
    void begins(Journal journal, boolean resumed);

    void stepBegins(Step step);

    /** A step held; {@code detail} says what there is now. */
    void stepEnds(Step step, Duration elapsed, String detail);

    void gate(GateResult gate);

    /** Is told of the backfill's chunks. */
    BackfillProgress backfill();
}

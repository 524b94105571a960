package txlookup.azure.kept;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.rebuild.RebuildListener;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.Step;

/** Keeps a rebuild's journal where the next run finds it, before the rebuild is told and its first step is taken. */
public record KeptBeginning(KeptEvidence evidence, Path journal, RebuildListener told) implements RebuildListener {
    @Override
    public void begins(Journal begun, boolean resumed) {
        try {
            evidence.keepJournal(journal);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "generation %d is not kept, so nothing was done as it: %s; give the same command again"
                            .formatted(begun.generation(), e.getMessage()),
                    e);
        }
        told.begins(begun, resumed);
    }

    @Override
    public void stepBegins(Step step) {
        told.stepBegins(step);
    }

    @Override
    public void stepEnds(Step step, Duration elapsed, String detail) {
        told.stepEnds(step, elapsed, detail);
    }

    @Override
    public void gate(GateResult gate) {
        told.gate(gate);
    }

    @Override
    public BackfillProgress backfill() {
        return told.backfill();
    }
}

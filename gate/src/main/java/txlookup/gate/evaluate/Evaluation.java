package txlookup.gate.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.gate.evaluate.ObservedValues.MissingException;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Objective.Ratio;
import txlookup.gate.model.Objective.Threshold;
import txlookup.gate.model.Observation;
import txlookup.gate.model.ObservationFile;
import txlookup.gate.model.SloFile;
import txlookup.profiles.digest.Sha256;

/** Observation and objectives to verdicts: a pure function, so that anyone can judge a recorded observation again. */
public final class Evaluation {
    private final ObservedValues supply;

    private Evaluation(Observation observation) {
        this.supply = new ObservedValues(observation);
    }

    /** Judges every objective. */
    public static GateReport of(Observation observation, SloFile file) {
        Evaluation evaluation = new Evaluation(observation);
        List<SloResult> findings = new ArrayList<>();
        for (Objective objective : file.objectives()) {
            findings.addAll(evaluation.judge(objective));
        }
        return new GateReport(
                GateReport.FORMAT,
                observation.environment().name(),
                observation.environment().generation(),
                observation.from(),
                observation.to(),
                Sha256.hex(ObservationFile.bytes(observation)),
                file.origin(),
                file.sha256(),
                GateReport.worst(findings),
                GateReport.exitCode(findings),
                findings);
    }

    private List<SloResult> judge(Objective objective) {
        if (objective.indicator() instanceof Ratio ratio) {
            return List.of(judge(new RatioEvaluator(objective), null, judgement -> judgement.of(supply, ratio)));
        }
        Threshold threshold = (Threshold) objective.indicator();
        ThresholdEvaluator judgement = new ThresholdEvaluator(objective, threshold);
        List<SloResult> findings = new ArrayList<>();
        for (Optional<String> each : supply.each(threshold.source())) {
            findings.add(judge(judgement, each.orElse(null), one -> one.of(supply, each.orElse(null))));
        }
        return findings;
    }

    private interface Judging<J> {
        SloResult by(J judgement) throws MissingException;
    }

    private static <J extends Evaluator> SloResult judge(J judgement, @Nullable String each, Judging<J> judging) {
        try {
            return judging.by(judgement);
        } catch (MissingException e) {
            return judgement.noData(each, 0, e.getMessage());
        }
    }
}

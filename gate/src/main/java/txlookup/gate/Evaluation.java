package txlookup.gate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.gate.Objective.Ratio;
import txlookup.gate.Objective.Threshold;
import txlookup.gate.Supply.MissingException;

/** Observation and objectives to verdicts: a pure function, so that anyone can judge a recorded observation again. */
public final class Evaluation {
    private final Supply supply;

    private Evaluation(Observation observation) {
        this.supply = new Supply(observation);
    }

    /** Judges every objective. */
    public static GateReport of(Observation observation, SloFile file) {
        Evaluation evaluation = new Evaluation(observation);
        List<Finding> findings = new ArrayList<>();
        for (Objective objective : file.objectives()) {
            findings.addAll(evaluation.judge(objective));
        }
        return new GateReport(
                GateReport.FORMAT,
                observation.environment().name(),
                observation.environment().generation(),
                observation.from(),
                observation.to(),
                sha256(ObservationFile.bytes(observation)),
                file.origin(),
                file.sha256(),
                GateReport.worst(findings),
                GateReport.exitCode(findings),
                findings);
    }

    private List<Finding> judge(Objective objective) {
        if (objective.indicator() instanceof Ratio ratio) {
            return List.of(judge(new RatioJudgement(objective), null, judgement -> judgement.of(supply, ratio)));
        }
        Threshold threshold = (Threshold) objective.indicator();
        ThresholdJudgement judgement = new ThresholdJudgement(objective, threshold);
        List<Finding> findings = new ArrayList<>();
        for (Optional<String> each : supply.each(threshold.source())) {
            findings.add(judge(judgement, each.orElse(null), one -> one.of(supply, each.orElse(null))));
        }
        return findings;
    }

    private interface Judging<J> {
        Finding by(J judgement) throws MissingException;
    }

    private static <J extends Judgement> Finding judge(J judgement, @Nullable String each, Judging<J> judging) {
        try {
            return judging.by(judgement);
        } catch (MissingException e) {
            return judgement.noData(each, 0, e.getMessage());
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

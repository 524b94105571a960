package txlookup.gate.evaluate;

import org.jspecify.annotations.Nullable;
import txlookup.gate.model.Objective;

/** What judging any objective has in common. */
abstract sealed class Evaluator permits RatioEvaluator, ThresholdEvaluator {
    private final Objective objective;

    Evaluator(Objective objective) {
        this.objective = objective;
    }

    Objective objective() {
        return objective;
    }

    abstract String wanted();

    /** No data is no pass; where the file says why there may be none, it is a warning. */
    SloResult noData(@Nullable String each, long sample, String seen) {
        if (objective.noDataReason() != null) {
            return finding(
                    each,
                    Verdict.WARN,
                    sample,
                    "no data",
                    null,
                    "no data: " + seen + " (" + objective.noDataReason() + ")");
        }
        // What was only wished for cannot hold anything up by its absence.
        Verdict verdict = objective.optional() ? Verdict.WARN : Verdict.NO_DATA;
        return finding(each, verdict, sample, "no data", null, seen);
    }

    SloResult tooFew(@Nullable String each, long sample) {
        return noData(each, sample, "%d seen, at least %d are needed".formatted(sample, objective.minimumSample()));
    }

    SloResult finding(
            @Nullable String each,
            Verdict verdict,
            long sample,
            String measured,
            @Nullable QuantileBounds spread,
            @Nullable String reason) {
        boolean excused = verdict == Verdict.FAIL && objective.optional();
        return new SloResult(
                objective.name(),
                each,
                objective.title(),
                objective.group(),
                excused ? Verdict.WARN : verdict,
                sample,
                measured,
                wanted(),
                spread,
                excused ? "wished for and not reached: " + reason : reason,
                objective.optional(),
                objective.proof());
    }
}

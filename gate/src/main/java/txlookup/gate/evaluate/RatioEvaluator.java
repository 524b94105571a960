package txlookup.gate.evaluate;

import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import txlookup.gate.evaluate.ObservedValues.MissingException;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Objective.Ratio;

/** Judges a share of what is bad; its uncertainty is the score interval (Wilson), which holds for small shares too. */
final class RatioEvaluator extends Evaluator {
    private static final double CONFIDENCE = 1.96;

    RatioEvaluator(Objective objective) {
        super(objective);
    }

    SloResult of(ObservedValues supply, Ratio ratio) throws MissingException {
        long total = supply.counted(ratio.total(), false);
        long bad = supply.counted(ratio.bad(), true);
        if (total < objective().minimumSample()) {
            return tooFew(null, total);
        }
        BigDecimal borne = borne();
        // Strictly below, as the policy says; where nothing bad is borne, nothing bad may be there.
        boolean holds = bad == 0 || BigDecimal.valueOf(bad).compareTo(borne.multiply(BigDecimal.valueOf(total))) < 0;
        double most = upperBound(bad, total);
        boolean surely = borne.signum() == 0 || most < borne.doubleValue();
        Verdict verdict = !holds ? Verdict.FAIL : surely ? Verdict.PASS : Verdict.WARN;
        String measured = String.format(Locale.ROOT, "%.2f %% (%d of %d)", 100.0 * bad / total, bad, total);
        return finding(null, verdict, total, measured, null, reason(verdict, measured, most));
    }

    private @Nullable String reason(Verdict verdict, String measured, double most) {
        return switch (verdict) {
            case PASS, NO_DATA -> null;
            case WARN -> String.format(Locale.ROOT, "with this sample it may as well be %.2f %%", 100 * most);
            case FAIL -> measured + ", wanted " + wanted();
        };
    }

    private static double upperBound(long bad, long total) {
        double share = (double) bad / total;
        double square = CONFIDENCE * CONFIDENCE;
        double centre = share + square / (2 * total);
        double either = CONFIDENCE * Math.sqrt((share * (1 - share) + square / (4 * total)) / total);
        return (centre + either) / (1 + square / total);
    }

    private BigDecimal borne() {
        return BigDecimal.ONE.subtract(objective().target());
    }

    @Override
    String wanted() {
        String share = borne().movePointRight(2).stripTrailingZeros().toPlainString();
        String least =
                objective().minimumSample() > 1 ? " of at least " + objective().minimumSample() : "";
        return borne().signum() == 0 ? "none" + least : "< %s %%%s".formatted(share, least);
    }
}

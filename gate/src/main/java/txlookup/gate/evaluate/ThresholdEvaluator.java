package txlookup.gate.evaluate;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.gate.evaluate.Distribution.Bucket;
import txlookup.gate.evaluate.ObservedValues.MissingException;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Objective.Threshold;
import txlookup.gate.model.Observation.Point;

/** Judges values against a limit, by the value at the rank that the target names. */
final class ThresholdEvaluator extends Evaluator {
    private static final int DETAILS_SHOWN = 5;

    private final Threshold threshold;
    private final UnitFormat quantity;

    ThresholdEvaluator(Objective objective, Threshold threshold) {
        super(objective);
        this.threshold = threshold;
        this.quantity = UnitFormat.of(threshold.source());
    }

    SloResult of(ObservedValues supply, @Nullable String each) throws MissingException {
        ObservedValues.Values values = supply.values(threshold, each);
        Distribution distribution = values.distribution();
        if (distribution.size() < objective().minimumSample()) {
            return tooFew(each, distribution.size());
        }
        double share = objective().target().doubleValue();
        QuantileBounds.Decisive alone = QuantileBounds.Decisive.of(distribution, threshold.op(), share, 1);
        QuantileBounds.Decisive decisive = threshold.timeslices()
                ? QuantileBounds.Decisive.of(
                        distribution,
                        threshold.op(),
                        share,
                        Autocorrelation.inflation(
                                values.points(), threshold.op(), alone.value().atMost()))
                : alone;
        QuantileBounds spread = QuantileBounds.of(distribution, decisive);
        int side = side(decisive.value());
        Verdict verdict =
                side < 0 ? Verdict.FAIL : side == 0 || side(decisive.bad()) <= 0 ? Verdict.WARN : Verdict.PASS;
        return finding(
                each,
                verdict,
                distribution.size(),
                measured(decisive),
                spread,
                reason(verdict, side, decisive, values.points()));
    }

    private int side(Bucket bucket) {
        return bucket.side(threshold.op(), threshold.limit().doubleValue());
    }

    private @Nullable String reason(Verdict verdict, int side, QuantileBounds.Decisive decisive, List<Point> points) {
        if (verdict == Verdict.PASS) {
            return null;
        }
        if (side == 0) {
            return "the limit lies within a bucket of the histogram, whose bounds are %s and %s"
                    .formatted(
                            quantity.shown(decisive.value().above()),
                            quantity.shown(decisive.value().atMost()));
        }
        if (verdict == Verdict.WARN) {
            return "with this sample it may as well be up to " + quantity.shown(decisive.bad());
        }
        String details = points.stream()
                .filter(point ->
                        !threshold.op().holds(point.value(), threshold.limit().doubleValue()))
                .map(Point::detail)
                .filter(detail -> detail != null)
                .distinct()
                .limit(DETAILS_SHOWN)
                .collect(Collectors.joining("; "));
        return details.isEmpty() ? measured(decisive) + ", wanted " + wanted() : details;
    }

    private String measured(QuantileBounds.Decisive decisive) {
        return label() + quantity.shown(decisive.value());
    }

    private String label() {
        return objective().target().compareTo(BigDecimal.ONE) == 0 ? "" : percentile() + " ";
    }

    private String percentile() {
        return "p" + objective().target().movePointRight(2).stripTrailingZeros().toPlainString();
    }

    @Override
    String wanted() {
        String least =
                objective().minimumSample() > 1 ? " of at least " + objective().minimumSample() : "";
        return "%s%s %s%s"
                .formatted(
                        label(),
                        threshold.op().sign(),
                        quantity.shown(threshold.limit().doubleValue()),
                        least);
    }
}

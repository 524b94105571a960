package txlookup.gate.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an environment must reach.
 *
 * @param name unique in its file
 * @param title for people
 * @param group what reports put together
 * @param target the share of values, above 0 and at most 1, that must be good
 * @param minimumSample fewer values are no data
 * @param noDataReason why there may be no data, which is then a warning; null where no data is a failure
 * @param optional a failure is only a warning
 * @param proof a failure means that data is missing or may be
 */
public record Objective(
        String name,
        String title,
        String group,
        String description,
        Indicator indicator,
        BigDecimal target,
        long minimumSample,
        @Nullable String noDataReason,
        boolean optional,
        boolean proof) {

    /** What is measured and when it is good. */
    public sealed interface Indicator {}

    /**
     * Values that are good on one side of a limit.
     *
     * @param timeslices the worst value of each instant counts, not every value
     */
    public record Threshold(MetricSource source, Op op, BigDecimal limit, boolean timeslices) implements Indicator {}

    /** Two counts; the first, of what is bad, must be small against the second. */
    public record Ratio(MetricSource bad, MetricSource total) implements Indicator {}

    /** How a good value stands to the limit. */
    public enum Op {
        LT("<"),
        LTE("<="),
        GTE(">="),
        GT(">");

        private final String sign;

        Op(String sign) {
            this.sign = sign;
        }

        /** As in mathematics and PromQL. */
        public String sign() {
            return sign;
        }

        /** As in PromQL, for what is not good. */
        public String opposite() {
            return switch (this) {
                case LT -> ">=";
                case LTE -> ">";
                case GTE -> "<";
                case GT -> "<=";
            };
        }

        /** Whether small values are good. */
        public boolean wantsSmall() {
            return this == LT || this == LTE;
        }

        public boolean holds(double value, double limit) {
            return switch (this) {
                case LT -> value < limit;
                case LTE -> value <= limit;
                case GTE -> value >= limit;
                case GT -> value > limit;
            };
        }
    }
}

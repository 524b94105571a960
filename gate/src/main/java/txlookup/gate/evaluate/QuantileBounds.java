package txlookup.gate.evaluate;

import txlookup.gate.evaluate.Distribution.Bucket;
import txlookup.gate.model.Objective.Op;

/**
 * What there was of a value. Of a histogram's value only the bounds of its bucket are known.
 *
 * @param judged the value at the objective's share, counted from the good side
 * @param low the good end of the interval in which that value lies with 95 % confidence, by its rank
 * @param high the bad end of that interval
 */
public record QuantileBounds(Range p50, Range p95, Range p99, Range max, Range judged, Range low, Range high) {
    private static final double CONFIDENCE = 1.96;

    /** A value that is above one number and at most the other; exact where they are the same. */
    public record Range(double above, double atMost) {
        static Range of(Bucket bucket) {
            return new Range(bucket.above(), bucket.atMost());
        }
    }

    /** The value that decides and the interval of its rank, as buckets. */
    record Decisive(Bucket value, Bucket good, Bucket bad) {
        /** @param inflation of the variance, above 1 where one value tells of the next */
        static Decisive of(Distribution values, Op op, double share, double inflation) {
            long n = values.size();
            double expected = share * n;
            double either = CONFIDENCE * Math.sqrt(n * share * (1 - share) * inflation);
            return new Decisive(
                    at(values, op, Math.ceil(expected)),
                    at(values, op, Math.floor(expected - either)),
                    at(values, op, Math.ceil(expected + either)));
        }

        /** @param rank counted from the best value */
        private static Bucket at(Distribution values, Op op, double rank) {
            long fromBest = Math.min(values.size(), Math.max(1, (long) rank));
            return values.at(op.wantsSmall() ? fromBest : values.size() + 1 - fromBest);
        }
    }

    static QuantileBounds of(Distribution values, Decisive decisive) {
        return new QuantileBounds(
                Range.of(values.quantile(0.5)),
                Range.of(values.quantile(0.95)),
                Range.of(values.quantile(0.99)),
                Range.of(values.quantile(1)),
                Range.of(decisive.value()),
                Range.of(decisive.good()),
                Range.of(decisive.bad()));
    }
}

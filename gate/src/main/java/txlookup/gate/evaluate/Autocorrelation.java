package txlookup.gate.evaluate;

import java.util.List;
import txlookup.gate.model.Objective.Op;
import txlookup.gate.model.Observation.Point;

/** How much less a row of slices of time tells than as many values that know nothing of each other. */
final class Autocorrelation {
    // Nearly equal neighbours would make any interval endless.
    private static final double MOST = 0.95;

    private Autocorrelation() {}

    /**
     * The factor by which the variance of a share grows: (1 + r) / (1 - r), with r the correlation of being worse than a
     * value from one slice to the next, as for a process with a memory of one step.
     *
     * @param slices in the order of time
     */
    static double inflation(List<Point> slices, Op op, double value) {
        int n = slices.size();
        if (n < 3) {
            return 1;
        }
        double[] worse = slices.stream()
                .mapToDouble(slice -> op.wantsSmall() ? (slice.value() > value ? 1 : 0) : slice.value() < value ? 1 : 0)
                .toArray();
        double mean = 0;
        for (double one : worse) {
            mean += one / n;
        }
        double variance = 0;
        double covariance = 0;
        for (int i = 0; i < n; i++) {
            variance += (worse[i] - mean) * (worse[i] - mean);
            if (i > 0) {
                covariance += (worse[i] - mean) * (worse[i - 1] - mean);
            }
        }
        if (variance == 0) {
            return 1;
        }
        double r = Math.min(MOST, Math.max(0, covariance / variance));
        return (1 + r) / (1 - r);
    }
}

package txlookup.gate.evaluate;

import java.math.BigDecimal;
import java.util.Locale;
import txlookup.gate.evaluate.Distribution.Bucket;
import txlookup.gate.model.MetricSource;

/** How a number is shown to people. */
enum UnitFormat {
    SECONDS {
        @Override
        String shown(double value) {
            if (Double.isInfinite(value)) {
                return "beyond every bound";
            }
            if (Math.abs(value) >= HOUR) {
                return plain(Math.round(value / HOUR * 10) / 10.0) + " h";
            }
            return Math.abs(value) < 1 && value != 0
                    ? String.format(Locale.ROOT, "%.1f ms", value * 1000).replace(".0 ms", " ms")
                    : plain(value) + " s";
        }
    },
    NUMBER {
        @Override
        String shown(double value) {
            return plain(value);
        }
    };

    private static final double HOUR = 3600;

    static UnitFormat of(MetricSource source) {
        if (source instanceof MetricSource.Reading reading) {
            return reading.name().endsWith("_seconds") ? SECONDS : NUMBER;
        }
        if (source instanceof MetricSource.Gauge gauge) {
            return gauge.metric().endsWith("_seconds") ? SECONDS : NUMBER;
        }
        return source instanceof MetricSource.Counter ? NUMBER : SECONDS;
    }

    abstract String shown(double value);

    String shown(Bucket bucket) {
        return (bucket.above() == bucket.atMost() ? "" : Double.isInfinite(bucket.atMost()) ? "" : "at most ")
                + shown(bucket.atMost());
    }

    private static String plain(double value) {
        if (Double.isInfinite(value)) {
            return "not seen";
        }
        return new BigDecimal(String.format(Locale.ROOT, "%.3f", value))
                .stripTrailingZeros()
                .toPlainString();
    }
}

package txlookup.api.generation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How both sides answered lookups since an epoch began, so that an act can be judged by what came after it. Immutable but
 * for the counts: a request that began before a change counts for the epoch in which it began.
 */
public final class SideCounters {
    private static final double P95 = 0.95;
    private static final Duration LATELY = Duration.ofMinutes(1);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Side serving = new Side(meters, "serving");
    private final Side candidate = new Side(meters, "candidate");
    private final LongAdder shadowReads = new LongAdder();
    private final LongAdder shadowDifferences = new LongAdder();

    /** One side's counts. */
    static final class Side {
        private final LongAdder lookups = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final Timer durations;

        private Side(MeterRegistry meters, String name) {
            durations = Timer.builder(name)
                    .publishPercentiles(P95)
                    .distributionStatisticExpiry(LATELY)
                    .register(meters);
        }

        void count(Duration duration, boolean error) {
            lookups.increment();
            durations.record(duration);
            if (error) {
                errors.increment();
            }
        }

        long lookups() {
            return lookups.sum();
        }

        long errors() {
            return errors.sum();
        }

        /** Of the last minute. */
        float p95Millis() {
            return (float) durations.takeSnapshot().percentileValues()[0].value(TimeUnit.MILLISECONDS);
        }
    }

    Side serving() {
        return serving;
    }

    Side candidate() {
        return candidate;
    }

    public void shadowRead(boolean differs) {
        shadowReads.increment();
        if (differs) {
            shadowDifferences.increment();
        }
    }

    long shadowReads() {
        return shadowReads.sum();
    }

    long shadowDifferences() {
        return shadowDifferences.sum();
    }
}

package txlookup.backfill;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds chunks back while lookups are slow or the stream lags, and no longer than it may: a consumer that is dead never
 * catches up, and whoever waited for it would never end. What cannot be measured holds nothing back.
 */
public final class Throttle {
    /** The API's timer, as its {@code /metrics} names it; one label set is a route and a status. */
    static final String LATENCY = "txlookup_api_request_seconds";

    /** The consumer's gauge, as its {@code /metrics} names it. */
    static final String LAG = "txlookup_consumer_lag_records";

    private static final Logger log = LoggerFactory.getLogger(Throttle.class);
    private static final String LOOKUPS = "route=\"/admin/";
    private static final Duration SAY_EVERY = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final ThrottleSettings settings;
    private final Duration lookEvery;
    private final LatencyWindow latency = new LatencyWindow();
    private long sayAgainAt = System.nanoTime();
    private long lookAgainAt = System.nanoTime();

    /** A throttle that looks once a second. */
    public Throttle(ThrottleSettings settings) {
        this(settings, LOOK_EVERY);
    }

    /** @param lookEvery how long to wait between two looks, at least */
    Throttle(ThrottleSettings settings, Duration lookEvery) {
        this.settings = settings;
        this.lookEvery = lookEvery;
    }

    /**
     * Waits while there is a reason to. One looks for all who ask, at most once in a while as long as nothing holds, and
     * the others wait for its answer.
     */
    public synchronized void giveWay() throws InterruptedException {
        if (System.nanoTime() - lookAgainAt >= 0 && await().isZero()) {
            lookAgainAt = System.nanoTime() + lookEvery.toNanos();
        }
    }

    boolean isOff() {
        return settings.apiMetrics() == null && settings.consumerMetrics() == null;
    }

    /**
     * Waits while there is a reason to, at most {@link ThrottleSettings#longestWait}.
     *
     * @return how long it waited; zero when nothing held the chunk back
     */
    Duration await() throws InterruptedException {
        return await(settings.longestWait()).orElseThrow();
    }

    /** As {@link #await()}, but empty when there still is a reason to wait after {@code atMost}. */
    Optional<Duration> await(Duration atMost) throws InterruptedException {
        if (isOff()) {
            return Optional.of(Duration.ZERO);
        }
        long began = System.nanoTime();
        Duration waited = Duration.ZERO;
        for (List<String> reasons = reasons(); !reasons.isEmpty(); reasons = reasons()) {
            waited = Duration.ofNanos(System.nanoTime() - began);
            if (waited.compareTo(settings.longestWait()) >= 0) {
                say("The next chunk is taken though " + String.join(" and ", reasons));
                return Optional.of(waited);
            }
            if (waited.compareTo(atMost) >= 0) {
                return Optional.empty();
            }
            say("Waiting, at most %s a chunk: %s".formatted(settings.longestWait(), String.join(" and ", reasons)));
            Thread.sleep(Math.min(
                    lookEvery.toMillis(),
                    shorter(settings.longestWait(), atMost).minus(waited).toMillis() + 1));
        }
        return Optional.of(waited);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private List<String> reasons() throws InterruptedException {
        List<String> reasons = new ArrayList<>(2);
        try {
            addSlowLookups(reasons);
        } catch (IOException e) {
            say("The latency of lookups is not known, and holds nothing back: " + e);
        }
        try {
            addLag(reasons);
        } catch (IOException e) {
            say("The stream's lag is not known, and holds nothing back: " + e);
        }
        return reasons;
    }

    private void addSlowLookups(List<String> reasons) throws IOException, InterruptedException {
        if (settings.apiMetrics() == null) {
            return;
        }
        OptionalDouble p95 =
                latency.p95(MetricsPage.of(settings.apiMetrics()).histogram(LATENCY, LOOKUPS), System.nanoTime());
        double most = settings.apiLatencyP95().toNanos() / 1e9;
        if (p95.isPresent() && p95.getAsDouble() > most) {
            reasons.add("lookups have a p95 of more than %s".formatted(settings.apiLatencyP95()));
        }
    }

    private void addLag(List<String> reasons) throws IOException, InterruptedException {
        if (settings.consumerMetrics() == null) {
            return;
        }
        OptionalDouble lag = MetricsPage.of(settings.consumerMetrics()).sum(LAG);
        if (lag.isPresent() && lag.getAsDouble() > settings.streamLag()) {
            reasons.add(
                    "the stream is %,.0f records behind (of %,d)".formatted(lag.getAsDouble(), settings.streamLag()));
        }
    }

    private void say(String what) {
        if (System.nanoTime() - sayAgainAt >= 0) {
            sayAgainAt = System.nanoTime() + SAY_EVERY.toNanos();
            log.info("{}", what);
        }
    }
}

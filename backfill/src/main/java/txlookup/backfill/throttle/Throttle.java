package txlookup.backfill.throttle;

import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.metrics.MetricsPage;

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
    private static final String LOOKUPS = "/admin/";
    private static final Duration SCRAPE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration SAY_EVERY = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** The addresses of {@code /metrics}, asked for at each look, since processes come and go. */
    interface Metrics {
        List<URI> ofApi() throws SQLException;

        List<URI> ofConsumers() throws SQLException;
    }

    private final ThrottleSettings settings;
    private final Metrics metrics;
    private final Duration lookEvery;
    private final Map<URI, LatencyWindow> latencies = new HashMap<>();
    private long sayAgainAt = System.nanoTime();
    private long lookAgainAt = System.nanoTime();

    /** A throttle that looks once a second, at the addresses of its settings. */
    public Throttle(ThrottleSettings settings) {
        this(settings, new Named(settings), LOOK_EVERY);
    }

    /** A throttle that looks once a second. */
    public Throttle(ThrottleSettings settings, Metrics metrics) {
        this(settings, metrics, LOOK_EVERY);
    }

    /** @param lookEvery how long to wait between two looks, at least */
    Throttle(ThrottleSettings settings, Duration lookEvery) {
        this(settings, new Named(settings), lookEvery);
    }

    private Throttle(ThrottleSettings settings, Metrics metrics, Duration lookEvery) {
        this.settings = settings;
        this.metrics = metrics;
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

    private record Named(ThrottleSettings settings) implements Metrics {
        @Override
        public List<URI> ofApi() {
            return Stream.ofNullable(settings.apiMetrics()).toList();
        }

        @Override
        public List<URI> ofConsumers() {
            return Stream.ofNullable(settings.consumerMetrics()).toList();
        }
    }

    private boolean isOff() {
        return settings.longestWait().isZero();
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
    public Optional<Duration> await(Duration atMost) throws InterruptedException {
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
        } catch (IOException | SQLException e) {
            say("The latency of lookups is not known, and holds nothing back: " + e);
        }
        try {
            addLag(reasons);
        } catch (IOException | SQLException e) {
            say("The stream's lag is not known, and holds nothing back: " + e);
        }
        return reasons;
    }

    private void addSlowLookups(List<String> reasons) throws IOException, SQLException, InterruptedException {
        List<URI> processes = metrics.ofApi();
        latencies.keySet().retainAll(processes);
        double most = settings.apiLatencyP95().toNanos() / 1e9;
        boolean slow = false;
        for (URI api : processes) {
            OptionalDouble p95 = latencies
                    .computeIfAbsent(api, key -> new LatencyWindow())
                    .p95(
                            MetricsPage.scrape(api, SCRAPE_TIMEOUT).histogram(LATENCY, "route", LOOKUPS),
                            System.nanoTime());
            slow |= p95.isPresent() && p95.getAsDouble() > most;
        }
        if (slow) {
            reasons.add("lookups have a p95 of more than %s".formatted(settings.apiLatencyP95()));
        }
    }

    private void addLag(List<String> reasons) throws IOException, SQLException, InterruptedException {
        double lag = 0;
        for (URI consumer : metrics.ofConsumers()) {
            lag += MetricsPage.scrape(consumer, SCRAPE_TIMEOUT).sum(LAG).orElse(0);
        }
        if (lag > settings.streamLag()) {
            reasons.add("the stream is %,.0f records behind (of %,d)".formatted(lag, settings.streamLag()));
        }
    }

    private void say(String what) {
        if (System.nanoTime() - sayAgainAt >= 0) {
            sayAgainAt = System.nanoTime() + SAY_EVERY.toNanos();
            log.info("{}", what);
        }
    }
}

package txlookup.api.generation;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Measures both sides under the role that each has at the moment. A number in a label would be another series after each
 * rebuild; so a generation that neither serves nor is on trial has none.
 */
@Component
public final class SideMeters {
    /** The pool of what serves has the name that it always had. */
    private static final String SERVING_POOL = "lookup";

    private static final String CANDIDATE_POOL = "candidate";
    private static final String POOL = "pool";
    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 25, 50, 100, 200, 500, 1_000, 2_500)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final Map<String, MultiGauge> gauges;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    private final Counter replicaReads;
    private final Counter replicaFailures;
    private final Counter shadowReads;
    private final Counter shadowDifferences;
    private volatile @Nullable Long serving;
    private volatile @Nullable Long candidate;
    private List<Object> shown = List.of();

    public SideMeters(MeterRegistry meters) {
        this.meters = meters;
        this.gauges = Map.of(
                "hikaricp.connections", gauge("", "Total connections"),
                "hikaricp.connections.active", gauge(".active", "Active connections"),
                "hikaricp.connections.idle", gauge(".idle", "Idle connections"),
                "hikaricp.connections.pending", gauge(".pending", "Pending threads"),
                "hikaricp.connections.max", gauge(".max", "Max connections"),
                "hikaricp.connections.min", gauge(".min", "Min connections"));
        this.replicaReads = Counter.builder("txlookup.api.replica.reads")
                .description("Lookups that were read from the replica")
                .register(meters);
        this.replicaFailures = Counter.builder("txlookup.api.replica.failures")
                .description("Lookups that failed on the replica and were read from the store; it is left out then")
                .register(meters);
        this.shadowReads = Counter.builder("txlookup.api.shadow.reads")
                .description("Answered lookups that were read once more from both sides, to compare them")
                .register(meters);
        this.shadowDifferences = Counter.builder("txlookup.api.shadow.differences")
                .description(
                        "Shadow reads whose sides still differed once both had applied the same; the log has the ids")
                .register(meters);
    }

    /** Shows the pools of those that have a role now. */
    public synchronized void follow(GenerationStores stores, ServingState row) {
        serving = row.generation();
        candidate = row.candidate();
        List<Object> wanted = new ArrayList<>();
        Map<String, GenerationStore> byPool = new LinkedHashMap<>();
        add(SERVING_POOL, stores.peek(row.generation()), byPool, wanted);
        add(CANDIDATE_POOL, stores.peek(row.candidate()), byPool, wanted);
        if (!wanted.equals(shown)) {
            shown = wanted;
            show("hikaricp.connections", byPool, GenerationStore::openConnections);
            show("hikaricp.connections.active", byPool, store -> store.pool()
                    .getHikariPoolMXBean()
                    .getActiveConnections());
            show("hikaricp.connections.idle", byPool, store -> store.pool()
                    .getHikariPoolMXBean()
                    .getIdleConnections());
            show("hikaricp.connections.pending", byPool, store -> store.pool()
                    .getHikariPoolMXBean()
                    .getThreadsAwaitingConnection());
            show("hikaricp.connections.max", byPool, store -> store.pool().getMaximumPoolSize());
            show("hikaricp.connections.min", byPool, store -> store.pool().getMinimumIdle());
        }
    }

    /** One lookup as one side answered it. */
    void lookup(GenerationHandle.Side side, boolean failed, Duration duration) {
        String name = side == GenerationHandle.Side.CANDIDATE ? "candidate" : "serving";
        String result = failed ? "failed" : "answered";
        timers.computeIfAbsent(name + " " + result, key -> Timer.builder("txlookup.api.lookup")
                        .description("One of the three lookups as one side answered it, without audit")
                        .tags("side", name, "result", result)
                        .serviceLevelObjectives(BUCKETS)
                        .register(meters))
                .record(duration);
    }

    /** One lookup that was read from the replica, or failed there and was read from the store. */
    void replicaRead(boolean failed) {
        (failed ? replicaFailures : replicaReads).increment();
    }

    public void shadowRead(boolean differs) {
        shadowReads.increment();
        if (differs) {
            shadowDifferences.increment();
        }
    }

    /** What the pool of a generation tells of itself. */
    public MetricsTrackerFactory ofPool(long generation) {
        return (name, stats) -> new Tracker(generation);
    }

    private Optional<String> pool(long generation) {
        if (Long.valueOf(generation).equals(serving)) {
            return Optional.of(SERVING_POOL);
        }
        return Long.valueOf(generation).equals(candidate) ? Optional.of(CANDIDATE_POOL) : Optional.empty();
    }

    private MultiGauge gauge(String suffix, String description) {
        return MultiGauge.builder("hikaricp.connections" + suffix)
                .description(description)
                .register(meters);
    }

    private static void add(
            String pool, @Nullable GenerationStore store, Map<String, GenerationStore> byPool, List<Object> wanted) {
        if (store != null) {
            byPool.put(pool, store);
            wanted.add(pool);
            wanted.add(store);
        }
    }

    private void show(String name, Map<String, GenerationStore> byPool, ToDoubleFunction<GenerationStore> value) {
        gauges.get(name)
                .register(
                        byPool.entrySet().stream()
                                .<MultiGauge.Row<?>>map(
                                        one -> MultiGauge.Row.of(Tags.of(POOL, one.getKey()), one.getValue(), value))
                                .toList(),
                        true);
    }

    private final class Tracker implements IMetricsTracker {
        private final long generation;

        private Tracker(long generation) {
            this.generation = generation;
        }

        @Override
        public void recordConnectionCreatedMillis(long millis) {
            record("creation", "Connection creation time", millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public void recordConnectionAcquiredNanos(long nanos) {
            record("acquire", "Connection acquire time", nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void recordConnectionUsageMillis(long millis) {
            record("usage", "Connection usage time", millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public void recordConnectionTimeout() {
            pool(generation).ifPresent(pool -> Counter.builder("hikaricp.connections.timeout")
                    .description("Connection timeout total count")
                    .tag(POOL, pool)
                    .register(meters)
                    .increment());
        }

        private void record(String what, String description, long amount, TimeUnit unit) {
            pool(generation).ifPresent(pool -> timers.computeIfAbsent(
                            pool + " " + what, key -> Timer.builder("hikaricp.connections." + what)
                                    .description(description)
                                    .tag(POOL, pool)
                                    .register(meters))
                    .record(amount, unit));
        }
    }
}

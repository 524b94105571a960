package txlookup.consumer.health;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.TopicPartition;
import txlookup.apply.store.position.Lease;
import txlookup.consumer.offsets.LogEnd;
import txlookup.consumer.offsets.LogWatch;
import txlookup.consumer.telemetry.ConsumerMetrics;
import txlookup.consumer.worker.AssignedPartition;

/** Position, lag and standing of each partition that this process has; unknown stays NaN, never 0. */
public final class PartitionGauges {
    /** An answer that is older says nothing about the lag of now. */
    private static final Duration KNOWN_FOR = Duration.ofSeconds(10);

    private final MeterRegistry registry;
    private final LogWatch logs;
    private final Map<TopicPartition, List<Meter.Id>> meters = new ConcurrentHashMap<>();

    public PartitionGauges(MeterRegistry registry, LogWatch logs) {
        this.registry = registry;
        this.logs = logs;
    }

    public void track(TopicPartition partition, AssignedPartition assigned) {
        forget(partition);
        meters.put(
                partition,
                List.of(
                        gauge(partition, assigned, ConsumerMetrics.POSITION, "First offset not yet applied", a -> {
                            Lease claim = a.claim();
                            return claim == null ? Double.NaN : claim.nextPosition();
                        }),
                        gauge(
                                partition,
                                assigned,
                                ConsumerMetrics.LAG,
                                "Records in the log that are not applied",
                                a -> lag(partition, a)),
                        gauge(
                                partition,
                                assigned,
                                ConsumerMetrics.STOPPED,
                                "1 while the partition is stopped and waits for somebody, 0 while it is not",
                                a -> a.standing() == AssignedPartition.Standing.STOPPED ? 1 : 0)));
    }

    private Meter.Id gauge(
            TopicPartition partition,
            AssignedPartition assigned,
            String name,
            String description,
            ToDoubleFunction<AssignedPartition> reading) {
        return Gauge.builder(name, assigned, reading)
                .description(description)
                .tags(ConsumerMetrics.tags(partition))
                .register(registry)
                .getId();
    }

    private double lag(TopicPartition partition, AssignedPartition assigned) {
        LogEnd end = logs.end(partition);
        Lease claim = assigned.claim();
        return end == null || claim == null || end.age().compareTo(KNOWN_FOR) > 0
                ? Double.NaN
                : Math.max(0, end.offset() - claim.nextPosition());
    }

    public void forget(TopicPartition partition) {
        List<Meter.Id> tracked = meters.remove(partition);
        if (tracked != null) {
            tracked.forEach(registry::remove);
        }
    }
}

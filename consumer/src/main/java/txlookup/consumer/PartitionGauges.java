package txlookup.consumer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** Position and lag of each partition that this process has; unknown stays NaN, never 0. */
final class PartitionGauges {
    private static final class Reading {
        volatile double lag = Double.NaN;
        List<Meter.Id> meters = List.of();
    }

    private final MeterRegistry registry;
    private final Map<TopicPartition, Reading> readings = new ConcurrentHashMap<>();

    PartitionGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    void track(TopicPartition partition, PartitionWorker worker) {
        forget(partition);
        Reading reading = new Reading();
        Gauge position = Gauge.builder(
                        ConsumerMetrics.POSITION, worker, w -> w.claim().nextPosition())
                .description("First offset not yet applied")
                .tags(ConsumerMetrics.tags(partition))
                .register(registry);
        Gauge lag = Gauge.builder(ConsumerMetrics.LAG, reading, r -> r.lag)
                .description("Records in the log that are not applied")
                .tags(ConsumerMetrics.tags(partition))
                .register(registry);
        reading.meters = List.of(position.getId(), lag.getId());
        readings.put(partition, reading);
    }

    /** @param ahead records in the log after the polled ones; empty while the client does not know */
    void polledTo(TopicPartition partition, PartitionWorker worker, long position, OptionalLong ahead) {
        Reading reading = readings.get(partition);
        if (reading != null && ahead.isPresent()) {
            reading.lag =
                    ahead.getAsLong() + (double) (position - worker.claim().nextPosition());
        }
    }

    void forget(TopicPartition partition) {
        Reading reading = readings.remove(partition);
        if (reading != null) {
            reading.meters.forEach(registry::remove);
        }
    }
}

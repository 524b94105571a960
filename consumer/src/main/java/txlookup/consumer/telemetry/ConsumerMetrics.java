package txlookup.consumer.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import txlookup.apply.store.batch.Batch;
import txlookup.apply.store.position.BatchResult;

/** What the consumer tells Prometheus. Names and labels are stable: gates, alerts and dashboards are made from them. */
public final class ConsumerMetrics {
    public static final String RECORDS = "txlookup.consumer.records";
    public static final String FRESHNESS = "txlookup.freshness";
    static final String KAFKA_CLIENT = "txlookup.consumer.kafka.client";
    static final String BATCH = "txlookup.consumer.batch";
    public static final String VERSION_MISSING = "txlookup.consumer.version.missing";
    public static final String POSITION = "txlookup.consumer.position";
    public static final String LAG = "txlookup.consumer.lag.records";
    public static final String STOPPED = "txlookup.consumer.stopped";

    private static final Duration[] FRESHNESS_BOUNDS = {
        Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5),
        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(5)
    };

    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final Clock clock = Clock.systemUTC();
    private final Map<TopicPartition, PartitionMeters> partitions = new ConcurrentHashMap<>();
    private final Timer batches;
    private final Counter versionMissing;

    private record PartitionMeters(
            Counter applied, Counter stale, Counter duplicate, Counter dead, Counter marker, Timer freshness) {}

    public ConsumerMetrics(MeterRegistry registry) {
        this.registry = registry;
        double startedAt = clock.millis() / MILLIS;
        this.batches = Timer.builder(BATCH)
                .description("Decoding and applying one batch")
                .publishPercentileHistogram(false)
                .register(registry);
        Gauge.builder("txlookup.process.started", () -> startedAt)
                .description("When this process started, since 1970; the label tells replicas behind one address apart")
                .baseUnit("seconds")
                .tag("instance", UUID.randomUUID().toString())
                .register(registry);
        Gauge.builder(KAFKA_CLIENT, () -> 1)
                .description(
                        "The Kafka client in use: newer, or older where the broker resets the newer one's handshake")
                .tag("version", kafkaClient())
                .tag("choice", System.getProperty("txlookup.kafka", "newer"))
                .register(registry);
        this.versionMissing = Counter.builder(VERSION_MISSING)
                .description("Events with neither updated_at nor version")
                .register(registry);
    }

    /** As the client's own jar says it; its class for that moves between versions. */
    private static String kafkaClient() {
        Properties known = new Properties();
        try (InputStream file = ConsumerRecord.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            if (file != null) {
                known.load(file);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return known.getProperty("version", "unknown").strip();
    }

    /** Makes a partition's series at 0, so that they are there before its first record. */
    public void expect(TopicPartition partition) {
        partitions.computeIfAbsent(partition, this::register);
    }

    /** @param records what the batch was made of */
    public void applied(
            TopicPartition partition,
            BatchResult applied,
            Batch batch,
            List<ConsumerRecord<byte[], byte[]>> records,
            Instant started) {
        PartitionMeters meters = partitions.computeIfAbsent(partition, this::register);
        meters.applied().increment(applied.applied());
        meters.stale().increment(applied.stale());
        meters.duplicate().increment(applied.duplicate());
        meters.dead().increment(applied.dead());
        meters.marker().increment(batch.markers().size());
        versionMissing.increment(batch.unversioned());
        Instant now = clock.instant();
        batches.record(Duration.between(started, now));
        // Markers are no events: they must not make a quiet topic look as if events were fresh.
        Set<Long> markers = batch.markers().stream()
                .map(marker -> marker.record().position())
                .collect(Collectors.toSet());
        long nowMillis = now.toEpochMilli();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (markers.isEmpty() || !markers.contains(record.offset())) {
                meters.freshness().record(Duration.ofMillis(Math.max(nowMillis - record.timestamp(), 0)));
            }
        }
    }

    private PartitionMeters register(TopicPartition partition) {
        Tags tags = tags(partition);
        return new PartitionMeters(
                records(tags, "applied"),
                records(tags, "stale"),
                records(tags, "duplicate"),
                records(tags, "dead"),
                records(tags, "marker"),
                Timer.builder(FRESHNESS)
                        .description("From a record's timestamp until its batch was committed")
                        .tags(tags)
                        .serviceLevelObjectives(FRESHNESS_BOUNDS)
                        .register(registry));
    }

    private Counter records(Tags tags, String result) {
        return Counter.builder(RECORDS)
                .description("Records accounted for, by what became of them")
                .tags(tags)
                .tag("result", result)
                .register(registry);
    }

    public static Tags tags(TopicPartition partition) {
        return Tags.of("topic", partition.topic(), "partition", Integer.toString(partition.partition()));
    }
}

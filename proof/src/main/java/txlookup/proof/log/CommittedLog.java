package txlookup.proof.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import txlookup.proof.completeness.CommittedRecords;

/**
 * Reads parts of the log as the consumers do, committed transactions only, and beside them: it joins no group and commits
 * nothing.
 */
public final class CommittedLog implements CommittedRecords {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, Object> broker;
    private final Map<TopicPartition, Counted> counted = new HashMap<>();

    /** @param broker settings of a consumer */
    public CommittedLog(Map<String, Object> broker) {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.keySet().removeAll(List.of("group.id", "group.instance.id"));
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "none");
        settings.put("isolation.level", "read_committed");
        this.broker = Map.copyOf(settings);
    }

    /** Offsets of a partition: from the first up to the second, that one left out. */
    record Span(long from, long to) {}

    private record Counted(Span span, long records) {}

    /** What was counted before is not read again, for a proof that waits asks again and again. */
    @Override
    public synchronized long count(String topic, int partition, long from, long to) {
        TopicPartition asked = new TopicPartition(topic, partition);
        Counted before = counted.get(asked);
        boolean goesOn =
                before != null && before.span().from() == from && before.span().to() <= to;
        Counted start = goesOn ? before : new Counted(new Span(from, from), 0);
        long[] records = {start.records()};
        read(Map.of(asked, new Span(start.span().to(), to)), record -> records[0]++);
        counted.put(asked, new Counted(new Span(from, to), records[0]));
        return records[0];
    }

    @Override
    public long end(String topic, int partition) {
        TopicPartition asked = new TopicPartition(topic, partition);
        try (KafkaConsumer<byte[], byte[]> kafka =
                new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return kafka.endOffsets(List.of(asked), PATIENCE).get(asked);
        }
    }

    /**
     * Shows every record of the spans, each partition's in their order.
     *
     * @throws TimeoutException when the log gives nothing for a minute
     */
    void read(Map<TopicPartition, Span> spans, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, Span> left = new HashMap<>(spans);
        left.values().removeIf(span -> span.from() >= span.to());
        if (left.isEmpty()) {
            return;
        }
        try (KafkaConsumer<byte[], byte[]> kafka =
                new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            kafka.assign(left.keySet());
            left.forEach((partition, span) -> kafka.seek(partition, span.from()));
            long lastProgress = System.nanoTime();
            while (!left.isEmpty()) {
                int before = left.size();
                var polled = kafka.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    Span span = spans.get(new TopicPartition(record.topic(), record.partition()));
                    if (span != null && record.offset() < span.to()) {
                        records.accept(record);
                    }
                }
                // By position, not by the last record: the end may be a transaction's mark.
                left.entrySet()
                        .removeIf(one -> kafka.position(one.getKey(), PATIENCE)
                                >= one.getValue().to());
                kafka.assign(left.keySet());
                if (!polled.isEmpty() || left.size() < before) {
                    lastProgress = System.nanoTime();
                } else if (System.nanoTime() - lastProgress > PATIENCE.toNanos()) {
                    throw new TimeoutException("The log gave nothing for %s before the ends %s; is the broker well?"
                            .formatted(PATIENCE, left));
                }
            }
        }
    }
}

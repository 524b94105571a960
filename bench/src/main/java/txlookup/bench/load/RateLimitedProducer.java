package txlookup.bench.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import txlookup.bench.servers.Servers;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/** Publishes ledger events at a rate, whatever becomes of them: a producer does not wait for its readers. */
public final class RateLimitedProducer implements AutoCloseable {
    private static final Payments PAYMENTS = new Payments(3, Instant.parse("2026-11-01T00:00:00Z"), 0);

    private final KafkaProducer<byte[], byte[]> producer;
    private final List<String> topics;
    private final int partitions;
    private long payment;
    private long published;
    private Future<RecordMetadata> latest;

    public RateLimitedProducer(Servers servers, String topic, int lingerMillis) {
        this(servers, List.of(topic), LedgerEvents.PARTITIONS, lingerMillis);
    }

    /** @param topics of ledger entries, and of payment orders where these are published, too */
    public RateLimitedProducer(Servers servers, List<String> topics, int partitions, int lingerMillis) {
        this.topics = topics;
        this.partitions = partitions;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        servers.kafka().bootstrapServers(),
                        "linger.ms",
                        lingerMillis,
                        "batch.size",
                        1 << 17),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * Publishes until it is told to end.
     *
     * @param sent told of each ledger event's key and when it was handed to the producer, in nanoseconds
     */
    public void publish(int perSecond, BooleanSupplier ends, BiConsumer<String, Long> sent)
            throws InterruptedException {
        long started = System.nanoTime();
        long begun = published;
        while (!ends.getAsBoolean()) {
            publish((long) ((System.nanoTime() - started) / 1e9 * perSecond) - (published - begun), sent);
            Thread.sleep(2);
        }
    }

    /** Publishes at least so many at once, to the end of the last one's payment. */
    public void publish(long atLeast, BiConsumer<String, Long> sent) {
        for (long begun = published; published - begun < atLeast; payment++) {
            for (Event event : PAYMENTS.state(payment)) {
                if (event.kind() == Event.Kind.LEDGER_ENTRY) {
                    send(event.key(), event.value());
                    sent.accept(event.key(), System.nanoTime());
                } else if (topics.size() > 1) {
                    send(topics.get(1), event.key(), event.value());
                }
            }
        }
    }

    public void send(String key, byte[] value) {
        send(topics.get(0), key, value);
    }

    private void send(String topic, String key, byte[] value) {
        int partition = Math.floorMod(key.hashCode(), partitions);
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        latest = producer.send(new ProducerRecord<>(topic, partition, keyBytes, value));
        published++;
    }

    public long published() {
        return published;
    }

    /** Fails when not everything was published. */
    @Override
    public void close() throws ExecutionException {
        producer.flush();
        try {
            if (latest != null) {
                latest.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}

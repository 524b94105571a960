package txlookup.bench.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import txlookup.bench.servers.Servers;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/** Ledger events in a topic of two partitions, one in twenty of them an older event that came before. */
public final class LedgerEvents {
    public static final int PARTITIONS = 2;

    private static final Instant CUTOVER = Instant.parse("2026-11-01T00:00:00Z");

    private LedgerEvents() {}

    /** Publishes at least {@code count} and returns how many. */
    public static long publish(Servers servers, String topic, long count) throws Exception {
        return publish(servers, topic, count, PARTITIONS);
    }

    /** @param filled how many of the partitions get events; the others stay quiet */
    public static long publish(Servers servers, String topic, long count, int filled) throws Exception {
        return publish(servers, topic, count, filled, new Payments(1, CUTOVER, count), 0);
    }

    /**
     * The same of a world of which a store holds some payments already.
     *
     * @param first the first payment that it does not hold; older events come from all before
     */
    public static long publish(Servers servers, String topic, long count, int filled, Payments payments, long first)
            throws Exception {
        servers.kafka().createTopic(topic, PARTITIONS, Map.of());
        SplittableRandom random = new SplittableRandom(2);
        long published = 0;
        Future<RecordMetadata> sent = null;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        servers.kafka().bootstrapServers(),
                        "linger.ms",
                        20,
                        "batch.size",
                        1 << 18,
                        "buffer.memory",
                        128 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long n = first; published < count; n++) {
                boolean again = n > 100 && random.nextInt(20) == 0;
                long payment = again ? random.nextLong(n) : n;
                for (Event event : payments.state(payment)) {
                    if (event.kind() == Event.Kind.LEDGER_ENTRY) {
                        int partition = Math.floorMod(event.key().hashCode(), filled);
                        sent = producer.send(new ProducerRecord<>(topic, partition, bytes(event.key()), event.value()));
                        published++;
                    }
                }
            }
            producer.flush();
            sent.get(); // the last is there, so with idempotence all before it in its partition are
        }
        return published;
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}

package txlookup.traffic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes payments' events to Kafka at a steady rate: what is due is sent when it is due, late or not. */
public final class Publisher implements AutoCloseable {
    private static final int PAYMENTS_AT_ONCE = 25;
    private static final long NANOS = 1_000_000_000L;

    private final KafkaProducer<String, byte[]> producer;
    private final Map<Event.Kind, String> topics;
    private final Payments payments;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /**
     * Connects to a broker.
     *
     * @param kafka client settings, such as {@code bootstrap.servers}
     * @param topics where each kind of event goes
     */
    public Publisher(Map<String, Object> kafka, Map<Event.Kind, String> topics, Payments payments) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        this.topics = Map.copyOf(topics);
        this.payments = payments;
    }

    /**
     * Publishes the history of payments {@code from} up to but not including {@code to}, and waits until the broker has
     * all of it.
     *
     * @param eventsPerSecond the rate; 0 for as fast as the broker takes it
     * @param sent is told how many events were handed to the producer so far
     * @param stopping asked between small groups of payments
     * @return how many events were sent
     * @throws IllegalStateException when the broker refused one
     */
    public long publish(
            Scenario scenario,
            long from,
            long to,
            double eventsPerSecond,
            LongConsumer sent,
            BooleanSupplier stopping) {
        long started = System.nanoTime();
        long count = 0;
        for (long first = from; first < to && !stopping.getAsBoolean(); first += PAYMENTS_AT_ONCE) {
            for (Event event : events(scenario, first, Math.min(first + PAYMENTS_AT_ONCE, to))) {
                send(event);
                count++;
            }
            sent.accept(count);
            if (eventsPerSecond > 0) {
                waitUntil(started + (long) (count / eventsPerSecond * NANOS), stopping);
            }
        }
        producer.flush();
        requireAccepted();
        return count;
    }

    private List<Event> events(Scenario scenario, long from, long to) {
        List<Event> events = new ArrayList<>();
        for (long n = from; n < to; n++) {
            events.addAll(payments.history(n));
        }
        return scenario.shape(events, payments.seed() + from);
    }

    private void send(Event event) {
        requireAccepted();
        // The callback hears of a refusal.
        var unused = producer.send(
                new ProducerRecord<>(topics.get(event.kind()), event.key(), event.value()), (accepted, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    private void requireAccepted() {
        Exception refused = failure.get();
        if (refused != null) {
            throw new IllegalStateException("The broker refused an event: " + refused.getMessage(), refused);
        }
    }

    private static void waitUntil(long due, BooleanSupplier stopping) {
        for (long left = due - System.nanoTime();
                left > 0 && !stopping.getAsBoolean();
                left = due - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, NANOS / 10));
        }
    }

    /** Sends what is at hand, also in a thread that is interrupted because the publishing is to end. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        producer.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package txlookup.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.local.testing.SharedKafka;

class PublisherIT {
    private static final Duration DEFINITELY_TOO_SLOW = Duration.ofSeconds(60);

    private final Payments payments = new Payments(1, Instant.parse("2026-11-21T01:07:33Z"), 0);
    private final Map<Event.Kind, String> topics = new EnumMap<>(Event.Kind.class);

    @BeforeEach
    void makeTopics() {
        for (Event.Kind kind : Event.Kind.values()) {
            topics.put(kind, newTopic(Map.of()));
        }
    }

    @Test
    void allEventsArriveAtTheTopicOfTheirKind() {
        List<Long> told = new ArrayList<>();
        try (Publisher publisher = publisher()) {
            assertThat(publisher.publish(Scenario.HAPPY, 0, 130, 0, told::add, () -> false))
                    .isEqualTo(history(0, 130).size());
        }

        for (Event.Kind kind : Event.Kind.values()) {
            assertThat(arrived(kind))
                    .containsExactlyInAnyOrderElementsOf(history(0, 130).stream()
                            .filter(seen -> seen.kind() == kind)
                            .toList());
        }
        assertThat(told).isSorted().endsWith((long) history(0, 130).size());
    }

    @Test
    void aScenarioChangesTheShapeOfWhatArrivesAndTheCountSaysSo() {
        long sent;
        try (Publisher publisher = publisher()) {
            sent = publisher.publish(Scenario.DUPLICATE, 0, 100, 0, unused -> {}, () -> false);
        }

        List<Seen> arrived = new ArrayList<>(arrived(Event.Kind.LEDGER_ENTRY));
        arrived.addAll(arrived(Event.Kind.PAYMENT_ORDER));
        assertThat(arrived)
                .hasSize((int) sent)
                .hasSizeGreaterThan(history(0, 100).size());
        assertThat(arrived).containsAll(history(0, 100));
    }

    @Test
    void theRateIsNotExceeded() {
        try (Publisher publisher = publisher()) {
            long started = System.nanoTime();

            long sent = publisher.publish(Scenario.HAPPY, 0, 50, 200, unused -> {}, () -> false);

            assertThat((System.nanoTime() - started) / (double) TimeUnit.SECONDS.toNanos(1))
                    .isGreaterThanOrEqualTo(sent / 200.0);
        }
    }

    @Test
    void itStopsWhenToldToAndSaysHowFarItGot() {
        AtomicBoolean stopping = new AtomicBoolean();
        try (Publisher publisher = publisher()) {
            long sent = publisher.publish(
                    Scenario.HAPPY, 0, Long.MAX_VALUE, 0, unused -> stopping.set(true), stopping::get);

            assertThat(sent).isPositive();
            assertThat(arrived(Event.Kind.LEDGER_ENTRY).size()
                            + arrived(Event.Kind.PAYMENT_ORDER).size())
                    .isEqualTo((int) sent);
        }
    }

    @Test
    void aStopIsNotHeldUpByASlowRate() {
        AtomicBoolean stopping = new AtomicBoolean();
        try (Publisher publisher = publisher()) {
            long started = System.nanoTime();

            publisher.publish(Scenario.HAPPY, 0, Long.MAX_VALUE, 0.1, unused -> stopping.set(true), stopping::get);

            assertThat(System.nanoTime() - started)
                    .as("at that rate the first group lasts a quarter of an hour")
                    .isLessThan(DEFINITELY_TOO_SLOW.toNanos());
        }
    }

    @Test
    void anEventThatTheBrokerRefusesIsThrown() {
        topics.put(Event.Kind.PAYMENT_ORDER, newTopic(Map.of("max.message.bytes", "50")));
        try (Publisher publisher = publisher()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> publisher.publish(Scenario.HAPPY, 0, 1, 0, unused -> {}, () -> false))
                    .withMessageStartingWith("The broker refused an event: ");
        }
    }

    private static String newTopic(Map<String, String> configuration) {
        String name = SharedKafka.newTopicName("published");
        SharedKafka.broker().createTopic(name, 2, configuration);
        return name;
    }

    private Publisher publisher() {
        return new Publisher(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()), topics, payments);
    }

    private List<Seen> history(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(payments::history)
                .flatMap(history -> Seen.of(history).stream())
                .toList();
    }

    /** What lies in the topic of that kind, all of it. */
    private List<Seen> arrived(Event.Kind kind) {
        Map<String, Object> settings = Map.of("bootstrap.servers", SharedKafka.bootstrapServers());
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    List.of(new TopicPartition(topics.get(kind), 0), new TopicPartition(topics.get(kind), 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long wanted = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            List<Seen> arrived = new ArrayList<>();
            long end = System.nanoTime() + DEFINITELY_TOO_SLOW.toNanos();
            while (arrived.size() < wanted && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> arrived.add(
                                new Seen(kind, record.key(), new String(record.value(), StandardCharsets.UTF_8))));
            }
            return arrived;
        }
    }
}

package txlookup.guarantee;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import txlookup.apply.store.Generation;
import txlookup.apply.store.GenerationRegistry;
import txlookup.apply.store.StoreConnections;
import txlookup.consumer.cutover.CutoverOffsets;

/** A database, two topics, a generation pinned to their beginnings, and the consumers that apply it. */
final class Trial implements AutoCloseable {
    static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Servers servers;
    final String name;
    final long generation;
    final Path folder;
    final Fleet fleet;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Event> published = Collections.synchronizedList(new ArrayList<>());

    Trial(Servers servers) throws Exception {
        this.servers = servers;
        int number = servers.nextTrial();
        name = "trial_" + number;
        generation = 20260205010000L + number;
        folder = servers.folder.resolve(name);
        servers.createDatabase(name);
        servers.kafka.createTopic(ledger(name), PARTITIONS, Map.of("retention.ms", "-1"));
        servers.kafka.createTopic(orders(name), PARTITIONS, Map.of("retention.ms", "-1"));
        anchor();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers(), "request.timeout.ms", 5000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        fleet = new Fleet(this);
    }

    static String ledger(String trial) {
        return trial + "-ledger";
    }

    static String orders(String trial) {
        return trial + "-orders";
    }

    private String brokers() {
        return servers.kafka.bootstrapServers();
    }

    private void anchor() throws Exception {
        try (HikariDataSource connections = StoreConnections.open(
                        servers.postgres.jdbcUrl(name),
                        "postgres",
                        servers.password(),
                        1,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20));
                CutoverOffsets offsets = new CutoverOffsets(Map.of("bootstrap.servers", brokers()))) {
            GenerationRegistry registry = new GenerationRegistry(connections);
            registry.plan(new Generation(
                    generation,
                    "test",
                    "kim",
                    "group-" + generation,
                    "canonical-v1",
                    Instant.now(),
                    Generation.State.PLANNED,
                    null));
            registry.anchor(generation, offsets.atEnd(List.of(ledger(name), orders(name))), Instant.now());
            registry.moveTo(generation, Generation.State.CATCHING_UP, null);
        }
    }

    /** Returns when the broker has all of them, once and in this order, however often the producer had to try. */
    void publish(List<Event> events) throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
        for (Event event : events) {
            sent.add(producer.send(new ProducerRecord<>(
                    topic(event.ledger()),
                    event.partition(),
                    event.time().toEpochMilli(),
                    event.key(),
                    event.value())));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
        published.addAll(events);
    }

    private String topic(boolean ledger) {
        return ledger ? ledger(name) : orders(name);
    }

    /**
     * Everything that lies in the log, which is what the store is held to: all that was published, and what the producer
     * tried again that was there already. A broker that was restarted does not know a producer any more whose records are
     * older than a day, as a history's are, and appends them once more.
     */
    List<Event> log() {
        List<Event> log = new ArrayList<>(published.size());
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers(), "max.poll.records", 10_000, "check.crcs", "true"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new TopicPartition(ledger(name), partition));
                partitions.add(new TopicPartition(orders(name), partition));
            }
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            long end = reader.endOffsets(partitions).values().stream()
                    .mapToLong(offset -> offset)
                    .sum();
            while (partitions.stream().mapToLong(reader::position).sum() < end) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofSeconds(1))) {
                    log.add(event(record));
                }
            }
        }
        List<String> missing =
                new ArrayList<>(published.stream().map(Event::content).toList());
        log.forEach(event -> missing.remove(event.content()));
        if (!missing.isEmpty()) {
            throw new AssertionError("%d records were published, %d are in the log, which lacks %s"
                    .formatted(published.size(), log.size(), missing.get(0)));
        }
        return log;
    }

    private Event event(ConsumerRecord<byte[], byte[]> record) {
        return new Event(
                record.topic().equals(ledger(name)),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value());
    }

    /** Waits until the coverage says that everything published was consumed; no consumer may have ended meanwhile. */
    void awaitConsumed(long records) throws Exception {
        eventually("coverage at " + records, () -> {
            fleet.requireAlive();
            return Stored.consumed(this) >= records;
        });
    }

    static void eventually(String what, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            Thread.sleep(20);
        }
    }

    /** Leaves nothing behind: a broker that is restarted opens every partition, and five hundred trials share it. */
    @Override
    public void close() throws SQLException {
        servers.heal();
        fleet.killAll();
        producer.close();
        servers.dropDatabase(name);
        servers.kafka.deleteTopic(ledger(name));
        servers.kafka.deleteTopic(orders(name));
    }
}

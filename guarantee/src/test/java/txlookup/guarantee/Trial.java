package txlookup.guarantee;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.ClassicGroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.guarantee.fleet.Fleet;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.witness.Stored;

/** A database, two topics, a generation pinned to their beginnings, and the consumers that apply it. */
public final class Trial implements AutoCloseable {
    public static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Brokers refuse a time that is an hour ahead unless they are told otherwise; some were told. */
    private static final Map<String, String> TOPIC =
            Map.of("retention.ms", "-1", "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));

    private static final String STOPPED =
            "SELECT format('%s-%s: %s', name, partition, stopped_reason) FROM coverage WHERE stopped_at IS NOT NULL";

    public final TrialServers servers;
    public final String name;
    public final long generation;
    public final Path folder;
    public final Fleet fleet;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<TrialEvent> published = Collections.synchronizedList(new ArrayList<>());
    private volatile int partitions = PARTITIONS;

    Trial(TrialServers servers) throws Exception {
        this(servers, Map.of());
    }

    /** @param leaders the broker of each partition; where there are none, the cluster decides */
    Trial(TrialServers servers, Map<Integer, Integer> leaders) throws Exception {
        this.servers = servers;
        int number = servers.nextTrial();
        name = "trial_" + number;
        generation = 20260205010000L + number;
        folder = servers.folder.resolve(name);
        servers.createDatabase(name, generation);
        if (!leaders.isEmpty()) {
            createTopics(leaders);
        }
        servers.kafka.createTopic(ledger(name), PARTITIONS, TOPIC);
        servers.kafka.createTopic(orders(name), PARTITIONS, TOPIC);
        anchor(generation);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers(), "request.timeout.ms", 5000, "metadata.max.age.ms", 1000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        fleet = new Fleet(this, generation);
    }

    public static String ledger(String trial) {
        return trial + "-ledger";
    }

    public static String orders(String trial) {
        return trial + "-orders";
    }

    public String brokers() {
        return servers.kafka.bootstrapServers();
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", brokers()));
    }

    private void createTopics(Map<Integer, Integer> leaders) throws Exception {
        Map<Integer, List<Integer>> replicas = new TreeMap<>();
        leaders.forEach((partition, broker) -> replicas.put(partition, List.of(broker)));
        try (Admin admin = admin()) {
            admin.createTopics(List.of(
                            new NewTopic(ledger(name), replicas).configs(TOPIC),
                            new NewTopic(orders(name), replicas).configs(TOPIC)))
                    .all()
                    .get();
        }
    }

    /** How many partitions each topic has. */
    public int partitions() {
        return partitions;
    }

    public void raisePartitionsTo(int wanted) throws InterruptedException, ExecutionException {
        if (wanted <= partitions) {
            return;
        }
        NewPartitions more = NewPartitions.increaseTo(wanted);
        try (Admin admin = admin()) {
            admin.createPartitions(Map.of(ledger(name), more, orders(name), more))
                    .all()
                    .get();
        }
        servers.kafka.createTopic(ledger(name), wanted, TOPIC); // are there: waits for their leaders
        servers.kafka.createTopic(orders(name), wanted, TOPIC);
        partitions = wanted;
    }

    /** Registers a generation whose schema is there, pinned to the beginnings of the topics. */
    void anchor(long generation) throws Exception {
        try (HikariDataSource connections = StoreConnections.generation(
                        generation,
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
            registry.anchor(
                    generation, offsets.since(List.of(ledger(name), orders(name)), Instant.EPOCH), Instant.now());
            registry.moveTo(generation, Generation.State.CATCHING_UP, null);
        }
    }

    /** Returns when the broker has all of them, once and in this order, however often the producer had to try. */
    public void publish(List<TrialEvent> events) throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
        for (TrialEvent event : events) {
            sent.add(producer.send(record(event)));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
        published.addAll(events);
    }

    private ProducerRecord<byte[], byte[]> record(TrialEvent event) {
        long time = event.time().toEpochMilli();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic(event.ledger()), event.partition(), Math.max(time, 0), event.key(), event.value());
        if (time == ConsumerRecord.NO_TIMESTAMP) {
            forgetTime(record);
        }
        return record;
    }

    /** The protocol has a record without a time, and other clients send it; this one's constructor refuses it. */
    public static void forgetTime(ProducerRecord<byte[], byte[]> record) {
        try {
            Field time = ProducerRecord.class.getDeclaredField("timestamp");
            time.setAccessible(true);
            time.set(record, ConsumerRecord.NO_TIMESTAMP);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private String topic(boolean ledger) {
        return ledger ? ledger(name) : orders(name);
    }

    /**
     * Everything that lies in the log, which is what the store is held to: all that was published, and what the producer
     * tried again that was there already. A broker that was restarted does not know a producer any more whose records are
     * older than a day, as a history's are, and appends them once more.
     */
    List<TrialEvent> log() {
        List<TrialEvent> log = new ArrayList<>(published.size());
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers(), "max.poll.records", 10_000, "check.crcs", "true"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(ledger(name), partition));
                all.add(new TopicPartition(orders(name), partition));
            }
            reader.assign(all);
            reader.seekToBeginning(all);
            long end = reader.endOffsets(all).values().stream()
                    .mapToLong(offset -> offset)
                    .sum();
            while (all.stream().mapToLong(reader::position).sum() < end) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofSeconds(1))) {
                    log.add(event(record));
                }
            }
        }
        List<String> missing =
                new ArrayList<>(published.stream().map(TrialEvent::content).toList());
        log.forEach(event -> missing.remove(event.content()));
        if (!missing.isEmpty()) {
            throw new AssertionError("%d records were published, %d are in the log, which lacks %s"
                    .formatted(published.size(), log.size(), missing.get(0)));
        }
        return log;
    }

    private TrialEvent event(ConsumerRecord<byte[], byte[]> record) {
        return new TrialEvent(
                record.topic().equals(ledger(name)),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value());
    }

    /** Returns while the group makes up who gets what. */
    public void awaitRebalance() throws Exception {
        String group = "group-" + generation;
        try (Admin admin = admin()) {
            eventually("a rebalance of " + group, () -> {
                ClassicGroupState state = admin.describeClassicGroups(List.of(group))
                        .describedGroups()
                        .get(group)
                        .get()
                        .state();
                return state == ClassicGroupState.PREPARING_REBALANCE
                        || state == ClassicGroupState.COMPLETING_REBALANCE;
            });
        }
    }

    /** Waits until the coverage says that everything published was consumed; meanwhile nothing may end or stop. */
    void awaitConsumed(long records) throws Exception {
        eventually("coverage at " + records, () -> {
            fleet.requireAlive();
            String stopped = Stored.all(this, STOPPED);
            if (!stopped.isEmpty()) {
                throw new AssertionError("partitions stopped:\n" + stopped);
            }
            return Stored.consumed(this) >= records;
        });
    }

    public static void eventually(String what, Callable<Boolean> holds) throws Exception {
        eventually(what, PATIENCE, holds);
    }

    public static void eventually(String what, Duration patience, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + patience + ": " + what);
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

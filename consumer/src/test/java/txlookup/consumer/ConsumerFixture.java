package txlookup.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Marker;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.PartitionStops;
import txlookup.apply.store.position.Source;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.local.testing.TestKafka;
import txlookup.migrations.Migrations;

/** A migrated database, two topics of two partitions, and a generation pinned to their ends. */
public final class ConsumerFixture implements AutoCloseable {
    public static final long GENERATION = 20260205010000L;
    public static final String CANARY = "bo-sync-test-kim";
    static final Duration SLOW = Duration.ofSeconds(60);

    public final String ledger;
    public final String orders = SharedKafka.newTopicName("orders");
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TestDatabase database;
    private final String brokers;
    private final HikariDataSource connections;
    private final KafkaProducer<String, String> producer;
    private final List<RunningConsumer> consumers = new ArrayList<>();

    public ConsumerFixture() throws SQLException {
        this(migrated());
    }

    public ConsumerFixture(TestDatabase database) throws SQLException {
        this(database, SharedKafka.broker(), SharedKafka.bootstrapServers());
    }

    /** @param brokers where clients connect, which may be a proxy */
    public ConsumerFixture(TestDatabase database, TestKafka broker, String brokers) throws SQLException {
        this(database, broker, brokers, SharedKafka.newTopicName("ledger"));
    }

    /** @param ledger made with two partitions unless it is there */
    public ConsumerFixture(TestDatabase database, TestKafka broker, String brokers, String ledger) throws SQLException {
        this.ledger = ledger;
        this.database = database;
        this.brokers = brokers;
        connections = pool(2);
        broker.createTopic(ledger, 2, Map.of());
        broker.createTopic(orders, 2, Map.of());
        producer = new KafkaProducer<>(broker(), new StringSerializer(), new StringSerializer());
        anchor(GENERATION);
    }

    /** A database with the schema of the generation. */
    public static TestDatabase migrated() {
        return SharedPostgres.newDatabase("one generation", ConsumerFixture::migrate);
    }

    public static void migrate(TestDatabase database) {
        Migrations.toHead(database.connections(), GENERATION);
    }

    void anchor(long number) throws SQLException {
        GenerationRegistry registry = new GenerationRegistry(connections);
        registry.plan(new Generation(
                number, "test", "kim", group(number), "canonical-v1", Instant.now(), State.PLANNED, null));
        try (CutoverOffsets offsets = new CutoverOffsets(broker())) {
            registry.anchor(number, offsets.atEnd(List.of(ledger, orders)), Instant.now());
        }
        registry.moveTo(number, State.CATCHING_UP, null);
    }

    static String group(long number) {
        return "bo-sync-test-kim-v" + number;
    }

    public Map<String, Object> broker() {
        return new HashMap<>(Map.of("bootstrap.servers", brokers));
    }

    /** What another process needs to consume the same: store, then broker and topics. */
    List<String> coordinates() {
        return List.of(database.jdbcUrl(), database.user(), database.password(), brokers, ledger, orders);
    }

    public HikariDataSource pool(int size) {
        return pool(database.jdbcUrl(), database.user(), database.password(), size);
    }

    static HikariDataSource pool(String jdbcUrl, String user, String password, int size) {
        return StoreConnections.generation(
                GENERATION, jdbcUrl, user, password, size, Duration.ofSeconds(3), Duration.ofSeconds(20));
    }

    public SubscriptionSettings settings() {
        return settings(brokers, ledger, orders);
    }

    /** The usual settings for another generation. */
    public SubscriptionSettings settings(long generation) {
        SubscriptionSettings usual = settings();
        return new SubscriptionSettings(
                generation,
                usual.group(),
                usual.canary(),
                usual.topics(),
                usual.kafka(),
                usual.owner(),
                usual.batchRecords(),
                usual.batchBytes(),
                usual.batchInterval(),
                usual.backoffFirst(),
                usual.backoffMost(),
                usual.maxFutureSkew(),
                usual.maxDeadShare(),
                usual.crashTries());
    }

    public static SubscriptionSettings settings(String brokers, String ledger, String orders) {
        Map<String, Object> kafka = new HashMap<>(Map.of(
                "bootstrap.servers", brokers,
                "auto.offset.reset", "none",
                "enable.auto.commit", "false",
                "session.timeout.ms", "6000",
                "heartbeat.interval.ms", "1000",
                "group.protocol", "classic"));
        return new SubscriptionSettings(
                GENERATION,
                group(GENERATION) + ledger,
                CANARY,
                Map.of(ledger, Entity.LEDGER_ENTRY, orders, Entity.PAYMENT_ORDER),
                kafka,
                "test",
                500,
                1 << 20,
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofHours(1),
                0.2,
                1);
    }

    /** The usual settings with others for the Kafka client, and another share of dead letters. */
    public SubscriptionSettings settings(Map<String, Object> kafka, double maxDeadShare) {
        SubscriptionSettings usual = settings();
        Map<String, Object> changed = new HashMap<>(usual.kafka());
        changed.putAll(kafka);
        return new SubscriptionSettings(
                usual.generation(),
                usual.group(),
                usual.canary(),
                usual.topics(),
                changed,
                usual.owner(),
                usual.batchRecords(),
                usual.batchBytes(),
                usual.batchInterval(),
                usual.backoffFirst(),
                usual.backoffMost(),
                usual.maxFutureSkew(),
                maxDeadShare,
                usual.crashTries());
    }

    public RunningConsumer start() {
        return start(settings(), 8);
    }

    public RunningConsumer start(SubscriptionSettings settings, int poolSize) {
        RunningConsumer consumer = RunningConsumer.start(this, settings, poolSize);
        consumers.add(consumer);
        return consumer;
    }

    /** Publishes and waits for the broker; returns the record's offset. */
    public long publish(String topic, int partition, String key, String value)
            throws InterruptedException, ExecutionException {
        return producer.send(new ProducerRecord<>(topic, partition, key, value))
                .get()
                .offset();
    }

    /** Publishes a marker of this environment's canary. */
    public void publishMarker(String topic, int partition, String beat, String value) throws Exception {
        publishMarker(topic, partition, Marker.nonce(CANARY), beat, value);
    }

    /** Publishes what says of itself that it is a marker. */
    public void publishMarker(String topic, int partition, byte[] nonce, String beat, String value) throws Exception {
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, partition, "marker", value);
        record.headers().add(Marker.HEADER, nonce).add(Marker.BEAT_HEADER, beat.getBytes(StandardCharsets.UTF_8));
        producer.send(record).get();
    }

    public void publishEntries(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            publish(ledger, i % 2, "tx-" + i, entry("tx-" + i, i % 4 < 2 ? "PAYMENT" : "RECEIVE", "po-" + i / 4, 1));
        }
    }

    public static String entry(String txId, String type, String related, int version) {
        return """
                {"tx_id":"%s","wallet_id":"w","entry_type":"%s","amount":"1.00","related_id":"%s","related_type":"PAYMENT_ORDER",\
                "event_time":"2026-02-05T01:00:00Z","version":%d}""".formatted(txId, type, related, version);
    }

    public String one(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            String value = row.next() ? row.getString(1) : null;
            connection.rollback();
            return value;
        }
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    /** Waits until a partition is stopped; returns the reason that the store keeps. */
    public String awaitStop(String topic, int partition) throws Exception {
        String where = " FROM coverage WHERE stopped_at IS NOT NULL AND name = '%s' AND partition = %d"
                .formatted(topic, partition);
        eventually("stopped: " + topic + "-" + partition, () -> "1".equals(one("SELECT count(*)" + where)));
        return one("SELECT stopped_reason" + where);
    }

    /** Orders to resume a partition, as somebody does at the command line. */
    public void orderResume(String topic, int partition) throws SQLException {
        Source source = new Source(Source.Kind.STREAM, topic, partition);
        if (new PartitionStops(connections).orderResume(source, "kim", "mended").isEmpty()) {
            throw new AssertionError(source + " is not stopped");
        }
    }

    public static void eventually(String what, Callable<Boolean> holds) throws Exception {
        eventually(SLOW, what, holds);
    }

    public static void eventually(Duration within, String what, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        while (!holdsNow(holds)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + within + ": " + what);
            }
            Thread.sleep(30);
        }
    }

    /** A question to a store that was just stopped has no answer yet. */
    private static boolean holdsNow(Callable<Boolean> holds) throws Exception {
        try {
            return holds.call();
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        for (RunningConsumer consumer : consumers) {
            consumer.stop();
        }
        producer.close();
        connections.close();
    }
}

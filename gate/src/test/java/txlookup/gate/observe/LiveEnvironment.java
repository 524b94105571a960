package txlookup.gate.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.LoggerFactory;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.canary.ApiMarkers;
import txlookup.gate.observe.canary.CanaryMarkers;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.LogOffsets;
import txlookup.gate.observe.store.LogReadings;
import txlookup.gate.observe.store.StoreQueries;
import txlookup.gate.observe.store.StoreReadings;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.local.testing.TestEventHubs;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/** Consumer and API as they are, on a real PostgreSQL and a real Kafka: two topics of two partitions. */
final class LiveEnvironment {
    static final long GENERATION = 20260205010000L;
    static final String CANARY = "bo-sync-test-kim";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SETTLED = 200;

    final String ledger = SharedKafka.newTopicName("ledger");
    final String orders = SharedKafka.newTopicName("orders");
    private final TestDatabase database = SharedPostgres.newDatabase();
    private final HikariDataSource store = pool(6);
    private final Map<String, Object> broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ConsumerProcess consumer;
    private final Thread consuming;
    private final LookupApi api;
    private final int consumerPort = freePort();
    private final Payments payments = new Payments(7, Instant.now(), SETTLED);
    private long published;

    /** On the shared broker. */
    LiveEnvironment() throws Exception {
        this((hubs, group) -> {
            hubs.forEach((topic, partitions) -> SharedKafka.broker().createTopic(topic, partitions, Map.of()));
            return Map.of("bootstrap.servers", SharedKafka.bootstrapServers());
        });
    }

    /** On Event Hubs. */
    static LiveEnvironment onEventHubs() throws Exception {
        return new LiveEnvironment(
                (hubs, group) -> TestEventHubs.start(hubs, Set.of(group)).client());
    }

    /** @param log makes the topics, and says how clients reach them */
    private LiveEnvironment(BiFunction<Map<String, Integer>, String, Map<String, Object>> log) throws Exception {
        String group = "bo-sync-test-kim-" + ledger;
        broker = log.apply(Map.of(ledger, 2, orders, 2), group);
        producer = new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer());
        Migrations.toHead(store, GENERATION);
        GenerationRegistry registry = new GenerationRegistry(store);
        registry.plan(
                new Generation(GENERATION, "test", "kim", group, "canonical-v1", Instant.now(), State.PLANNED, null));
        try (CutoverOffsets offsets = new CutoverOffsets(broker)) {
            registry.anchor(GENERATION, offsets.atEnd(List.of(ledger, orders)), Instant.now());
        }
        registry.moveTo(GENERATION, State.CATCHING_UP, null);
        consumer = new ConsumerProcess(
                consumerSettings(group),
                EventProfiles.load("canonical-v1"),
                pool(8),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), consumerPort));
        consuming = new Thread(consumer::run, "consumer");
        // A truncated log ends it, as it should; anything else is for people to see.
        consuming.setUncaughtExceptionHandler((thread, e) -> System.out.println("the consumer ended: " + e));
        consuming.start();
        api = LookupApi.start(new LookupApiSettings(
                "local",
                LookupApiSettings.Http.on("127.0.0.1", 0),
                new LookupApiSettings.Database(
                        database.jdbcUrl(),
                        database.user(),
                        Optional.of(database.password()),
                        20,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10)),
                new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.empty()));
        // A line a lookup, and there are hundreds; after the start, which sets all levels.
        ((Logger) LoggerFactory.getLogger("txlookup.api.server.RequestLoggingFilter")).setLevel(Level.WARN);
        publish(SETTLED, true);
        eventually("everything is applied", () -> waiting() == 0);
        registry.moveTo(GENERATION, State.READY, null);
        execute("UPDATE bo.serving SET generation = %d, epoch = epoch + 1".formatted(GENERATION));
        ServiceHttp http = new ServiceHttp(Optional::empty);
        eventually(
                "the API answers from the generation",
                () -> http.get(apiAddress().resolve("/admin/tx/tx-of-nobody")).status() == 404);
    }

    private SubscriptionSettings consumerSettings(String group) {
        Map<String, Object> kafka = new HashMap<>(broker);
        kafka.putAll(Map.of("auto.offset.reset", "none", "enable.auto.commit", "false", "group.protocol", "classic"));
        return new SubscriptionSettings(
                GENERATION,
                group,
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
                3);
    }

    private HikariDataSource pool(int size) {
        return StoreConnections.generation(
                GENERATION,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                size,
                Duration.ofSeconds(10),
                PATIENCE);
    }

    URI apiAddress() {
        return URI.create("http://127.0.0.1:" + api.port());
    }

    URI consumerAddress() {
        return URI.create("http://127.0.0.1:" + consumerPort);
    }

    Observation.Environment environment() {
        return new Observation.Environment("local kim test", GENERATION, List.of(ledger, orders));
    }

    /** Everything that the gate looks at; the metrics may come from elsewhere. */
    List<ObservationSource> sources(URI apiMetrics, URI consumerMetrics) {
        ServiceHttp http = new ServiceHttp(Optional::empty);
        StoreQueries queries = new StoreQueries(store);
        return new ArrayList<>(List.of(
                storeReadings(),
                new LogReadings(
                        new LogOffsets(broker, List.of(ledger, orders)), queries, GENERATION, Duration.ofDays(3)),
                new ServiceMetrics("api", apiMetrics, http),
                new ServiceMetrics("consumer", consumerMetrics, http),
                new ServiceProbes(
                        Map.of(
                                "api",
                                apiAddress().resolve("/ready"),
                                "consumer",
                                consumerAddress().resolve("/ready")),
                        http),
                new LookupCorrectnessProbe(apiAddress(), http, queries),
                new LookupLoad(apiAddress(), http, queries, 60, Duration.ofSeconds(1)),
                markers(Duration.ofSeconds(10))));
    }

    StoreReadings storeReadings() {
        return new StoreReadings(store, database.jdbcUrl(), GENERATION);
    }

    CanaryMarkers markers(Duration deadline) {
        return new CanaryMarkers(
                broker,
                List.of(ledger, orders),
                new ApiMarkers(apiAddress(), new ServiceHttp(Optional::empty), GENERATION, CANARY),
                Duration.ofMillis(250),
                deadline);
    }

    /** @param withOrders whether the second topic gets its events as well */
    synchronized void publish(int count, boolean withOrders) {
        for (long last = published + count; published < last; published++) {
            for (Event event : payments.history(published)) {
                boolean entry = event.kind() == Event.Kind.LEDGER_ENTRY;
                if (entry || withOrders) {
                    send(entry ? ledger : orders, event.key().getBytes(UTF_8), event.value());
                }
            }
        }
        producer.flush();
    }

    void publishRubbish() {
        send(ledger, "bad".getBytes(UTF_8), "{bad".getBytes(UTF_8));
        producer.flush();
    }

    private void send(String topic, byte[] key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic, key, value));
    }

    /** Throws away everything that a partition's log holds. */
    void truncate(String topic, int partition) throws Exception {
        try (Admin admin = Admin.create(broker)) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();
        }
    }

    Connection connect() throws SQLException {
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = g%d, pg_temp".formatted(GENERATION));
        }
        connection.setAutoCommit(false);
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Records in the log that are not applied. */
    private long waiting() throws SQLException {
        try (LogOffsets offsets = new LogOffsets(broker, List.of(ledger, orders))) {
            Map<String, Long> ends = offsets.ends(offsets.logs());
            return new StoreQueries(store)
                    .stream().stream()
                            .mapToLong(partition -> ends.get(partition.name()) - partition.next())
                            .sum();
        }
    }

    void awaitQuiet() throws Exception {
        eventually("everything is applied", () -> waiting() == 0);
    }

    static void eventually(String what, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            Thread.sleep(50);
        }
    }

    /** The shipped objectives with samples small enough for seconds, and a latency that a busy machine reaches too. */
    static SloFile objectives() throws IOException {
        String text = Files.readString(Path.of("..", "profiles", "slo", "default.yaml"));
        return SloFile.parse(
                "default.yaml",
                text.replaceAll("minimum-sample: \"(500|1000)\"", "minimum-sample: \"30\"")
                        .replace("minimum-sample: \"60\"", "minimum-sample: \"2\"")
                        .replace("op: lt, value: 0.2, target: 0.95", "op: lt, value: 1, target: 0.95"));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() throws InterruptedException {
        api.close();
        consumer.close();
        consuming.join(PATIENCE.toMillis());
        producer.close();
        store.close();
    }
}

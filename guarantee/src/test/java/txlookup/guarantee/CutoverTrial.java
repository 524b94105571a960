package txlookup.guarantee;

import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.StoreStats;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.backfill.source.TableInput;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.witness.Oracle;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;
import txlookup.rebuild.steps.Loading;

/** One generation from its anchor to a caught-up stream, by the product's own parts, and everything that was ever true. */
final class CutoverTrial implements AutoCloseable {
    private static final String ENTRIES = """
            SELECT tx_id, wallet_id, entry_type, amount::text, amount_signed::text, related_id, related_type,
                   (extract(epoch FROM event_time) * 1000000)::bigint, (extract(epoch FROM created_at) * 1000000)::bigint,
                   (extract(epoch FROM updated_at) * 1000000)::bigint, version, digest
            FROM ledger_entry""";

    static final String TABLE = """
            CREATE TABLE entries (tx_id text PRIMARY KEY, wallet_id text, entry_type text, amount numeric(9,2),
                                  event_time timestamptz, updated_at timestamptz, version bigint)""";

    /** What the contract's last two criteria decide by is not compared: a row and its event say the same. */
    private static final int SOURCE_TIME = 11;

    final Optional<Instant> asOf;
    final Instant cutover = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    final long generation = 20260205010000L;
    final String ledger = SharedKafka.newTopicName("ledger");
    final String orders = SharedKafka.newTopicName("orders");
    final Loading loading;
    final Admin admin = Admin.create(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()));
    final TestDatabase database = SharedPostgres.newDatabase();
    private final Profile profile;
    final HikariDataSource store;
    private final KafkaProducer<String, String> producer = producer(Map.of());
    private final List<TrialEvent> truth = new ArrayList<>();
    private ConsumerProcess consumer;
    private CompletableFuture<Void> consuming;

    /**
     * What is loaded.
     *
     * @param readBefore how long before the cutover the files are read; empty for a table, which the run reads itself
     * @param settings of the profile, beside those that name the topics
     */
    record Extract(Optional<Duration> readBefore, Map<String, String> settings) {
        static Extract table(String... settling) {
            return new Extract(
                    Optional.empty(), settling.length == 0 ? Map.of() : Map.of("cutover.settling", settling[0]));
        }

        static Extract files(Duration readBefore, String overlap) {
            return new Extract(Optional.of(readBefore), Map.of("cutover.overlap", overlap));
        }
    }

    CutoverTrial(Extract extract) throws SQLException {
        this.asOf = extract.readBefore().map(cutover::minus);
        SharedKafka.broker().createTopic(ledger, 1, Map.of("retention.ms", "-1"));
        SharedKafka.broker().createTopic(orders, 1, Map.of("retention.ms", "-1"));
        Map<String, String> flags = new HashMap<>(Map.of(
                "messaging.bootstrapServers",
                SharedKafka.bootstrapServers(),
                "messaging.client.metadata.max.age.ms",
                "1000",
                "events.ledgerTopic",
                ledger,
                "events.paymentOrderTopic",
                orders));
        flags.putAll(extract.settings());
        asOf.ifPresent(instant -> flags.put("backfill.asOf", instant.toString()));
        profile = new ProfileLoader(Path.of(""), Map.of()).load("local", flags);
        store = openStore();
        Migrations.ofControl(store).toHead();
        try (Connection connection = database.connect()) {
            TrialServers.lookAt(connection, database.name(), generation);
        }
        loading = new Loading(profile, store, Clock.systemUTC());
        loading.plan(generation, cutover);
    }

    private HikariDataSource openStore() {
        return StoreConnections.generation(
                generation,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                10,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }

    static KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()));
        all.putAll(settings);
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    /** A ledger entry's only version, changed at {@code at} by the source's clock. */
    static String entry(String txId, Instant at) {
        return """
                {"tx_id":"%s","wallet_id":"w","entry_type":"PAYMENT","amount":"1.00","event_time":"%2$s","updated_at":"%2$s","version":1}""".formatted(txId, at);
    }

    long publish(String txId, Instant at, Instant recordTime) throws Exception {
        return publish(producer, 0, txId, at, recordTime);
    }

    /** Publishes what is true in any case; what a producer gives up later is published without this. */
    long publish(KafkaProducer<String, String> by, int partition, String txId, Instant at, Instant recordTime)
            throws Exception {
        String value = entry(txId, at);
        long offset = by.send(new ProducerRecord<>(ledger, partition, recordTime.toEpochMilli(), txId, value))
                .get()
                .offset();
        remember(partition, offset, recordTime, value);
        return offset;
    }

    private void remember(int partition, long offset, Instant time, String value) {
        truth.add(new TrialEvent(true, partition, offset, time, null, value.getBytes(StandardCharsets.UTF_8)));
    }

    void forgetBefore(long offset) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(ledger, 0), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }

    /** Pins the cutover as {@code txlookup backfill} does, each time that it is called, for a table or for files. */
    void anchor() throws SQLException {
        anchor(asOf);
    }

    void anchor(Optional<Instant> readAt) throws SQLException {
        loading.anchor(generation, cutover, readAt, profile.messaging().adminProperties());
    }

    long startOffset() throws SQLException {
        return new StoreStats(store)
                .stream().stream()
                        .filter(at -> at.topic().equals(ledger) && at.partition() == 0)
                        .findFirst()
                        .orElseThrow()
                        .startOffset();
    }

    void load(Path folder, List<String> rows) throws Exception {
        for (String row : rows) {
            remember(0, -1, cutover, row);
        }
        if (asOf.isPresent()) {
            loadFile(folder, rows);
        } else {
            loadTable(rows);
        }
    }

    void loadFile(Path folder, List<String> rows) throws Exception {
        Path file = Files.writeString(folder.resolve("entries.ndjson"), String.join("\n", rows));
        load(new NdjsonInput(file, Entity.LEDGER_ENTRY));
    }

    private void loadTable(List<String> rows) throws Exception {
        TestDatabase database = SharedPostgres.newDatabase();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        try (HikariDataSource source = new HikariDataSource();
                Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ?::jsonb)")) {
            source.setJdbcUrl(database.jdbcUrl());
            source.setUsername(database.user());
            source.setPassword(database.password());
            for (String row : rows) {
                insert.setString(1, row);
                insert.executeUpdate();
            }
            load(new TableInput(source, "entries", "tx_id", Entity.LEDGER_ENTRY));
        }
    }

    void load(Input input) throws Exception {
        loading.load(generation, cutover, List.of(input), new BackfillProgress() {
            @Override
            public void begins(Input begun, long rowsBefore) {}

            @Override
            public void applied(Input from, Chunk chunk, BatchResult applied) {}
        });
    }

    void startConsumer() throws Exception {
        loading.advance(generation, Generation.State.CATCHING_UP);
        SubscriptionSettings settings = new SubscriptionSettings(
                generation,
                "group-" + ledger,
                "no-canary",
                Map.of(ledger, Entity.LEDGER_ENTRY, orders, Entity.PAYMENT_ORDER),
                new HashMap<>(profile.messaging().consumerProperties()),
                "the test",
                100,
                1 << 20,
                Duration.ofMillis(5),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofHours(1),
                1.0,
                3);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        consumer = new ConsumerProcess(settings, profile.events().profile(), openStore(), anyPort);
        consuming = CompletableFuture.runAsync(consumer::run);
    }

    /** Waits until every partition that the topics have now is applied to its end. */
    void awaitCaughtUp() throws Exception {
        List<PartitionAnchor> ends;
        try (CutoverOffsets offsets = new CutoverOffsets(profile.messaging().adminProperties())) {
            ends = offsets.atEnd(List.of(ledger, orders));
        }
        StoreStats contents = new StoreStats(store);
        Trial.eventually("caught up to " + ends, () -> {
            if (consuming.isDone()) {
                consuming.get();
            }
            List<StoreStats.Partition> reached = contents.stream();
            return ends.stream().allMatch(end -> reached.stream()
                    .anyMatch(at -> at.topic().equals(end.topic())
                            && at.partition() == end.partition()
                            && at.nextOffset() >= end.startOffset()));
        });
    }

    /** What a fold of all that was ever published or extracted gives. */
    Map<String, List<String>> expected() {
        Map<String, List<String>> expected = new TreeMap<>();
        new Oracle(truth).ledgerEntries.forEach((key, row) -> {
            List<String> columns = new ArrayList<>(row.columns());
            columns.remove(SOURCE_TIME);
            expected.put(key, columns);
        });
        return expected;
    }

    Map<String, List<String>> stored() throws SQLException {
        try (Connection connection = store.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ENTRIES)) {
            Map<String, List<String>> stored = new TreeMap<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    columns.add(row.getString(column));
                }
                stored.put(row.getString(1), columns);
            }
            connection.rollback();
            return stored;
        }
    }

    Generation.State state() throws SQLException {
        return new GenerationRegistry(store).find(generation).orElseThrow().state();
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
        producer.close();
        admin.close();
        store.close();
    }
}

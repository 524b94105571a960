package txlookup.debezium;

import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.apply.store.position.StoreStats;
import txlookup.backfill.Manifest;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.source.TableInput;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.rebuild.steps.Loading;

/** The product's own parts over an empty store, put together as its commands do: migrate, backfill, consume, serve. */
final class SourcePipeline implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final Profile profile;
    private HikariDataSource store;
    private Loading loading;
    private Instant cutover;
    private GenerationNumber generation;
    private ConsumerProcess consumer;
    private CompletableFuture<Void> consuming;
    private LookupApi api;

    private SourcePipeline(Profile profile) {
        this.profile = profile;
    }

    /** A profile with the event profile {@code debezium-v1}, and a store without a generation. */
    static SourcePipeline migrated(EventForm form, String bootstrapServers) {
        Map<String, String> flags = Map.of(
                "env",
                "debezium",
                "messaging.bootstrapServers",
                bootstrapServers,
                "events.profile",
                "debezium-v1",
                "events.ledgerTopic",
                form.ledgerTopic(),
                "events.paymentOrderTopic",
                form.paymentOrderTopic(),
                "backfill.chunkRows",
                "100");
        Profile profile = new ProfileLoader(Path.of(""), Map.of()).load("local", flags);
        SourcePipeline pipeline = new SourcePipeline(profile);
        try (HikariDataSource control = StoreConnections.control(
                pipeline.database.jdbcUrl(),
                pipeline.database.user(),
                pipeline.database.password(),
                1,
                PATIENCE,
                profile.database().statementTimeout())) {
            Migrations.ofControl(control).toHead();
        }
        return pipeline;
    }

    private HikariDataSource openStore() {
        return StoreConnections.generation(
                generation.value(),
                database.jdbcUrl(),
                database.user(),
                database.password(),
                profile.database().poolSize(),
                PATIENCE,
                profile.database().statementTimeout());
    }

    /** Makes the generation, and pins where its stream begins. */
    void anchor() throws SQLException {
        cutover = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        generation = GenerationNumber.fromCutover(cutover);
        store = openStore();
        loading = new Loading(profile, store, Clock.systemUTC());
        loading.plan(generation.value(), cutover);
        execute("ALTER DATABASE %s SET search_path = %s, pg_temp"
                .formatted(database.name(), Migrations.schema(generation.value())));
        loading.anchor(
                generation.value(),
                cutover,
                Optional.empty(),
                profile.messaging().adminProperties());
    }

    /** Loads both tables of the source. */
    Manifest backfill(SourceDatabase source, BackfillProgress progress) throws Exception {
        List<TableInput> inputs = List.of(
                new TableInput(source.connections(), SourceDatabase.LEDGER_TABLE, "tx_id", Entity.LEDGER_ENTRY),
                new TableInput(
                        source.connections(), SourceDatabase.PAYMENT_ORDER_TABLE, "order_id", Entity.PAYMENT_ORDER));
        return loading.load(generation.value(), cutover, List.copyOf(inputs), progress);
    }

    /** Starts applying the stream. */
    void startConsumer() throws Exception {
        loading.advance(generation.value(), State.CATCHING_UP);
        Map<String, Object> kafka = new HashMap<>(profile.messaging().consumerProperties());
        kafka.put("max.poll.records", profile.consumer().pollMaxRecords());
        SubscriptionSettings settings = new SubscriptionSettings(
                generation.value(),
                profile.names().consumerGroup(generation),
                profile.names().canary(),
                Map.of(profile.ledgerTopic(), Entity.LEDGER_ENTRY, profile.paymentOrderTopic(), Entity.PAYMENT_ORDER),
                kafka,
                "the test",
                profile.consumer().batchMaxRecords(),
                profile.consumer().batchMaxBytes().bytes(),
                profile.consumer().batchInterval(),
                profile.consumer().retryInitialBackoff(),
                profile.consumer().retryMaxBackoff(),
                profile.events().maxFutureSkew(),
                profile.consumer().maxDeadShare(),
                profile.consumer().crashTries());
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        consumer = new ConsumerProcess(settings, profile.events().profile(), openStore(), anyPort);
        consuming = CompletableFuture.runAsync(consumer::run, task -> new Thread(task, "consumer").start());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Lets the generation serve, and starts answering lookups. */
    void startApi() throws SQLException {
        loading.advance(generation.value(), State.READY);
        execute("UPDATE bo.serving SET generation = %d, epoch = epoch + 1".formatted(generation.value()));
        api = LookupApi.start(new LookupApiSettings(
                profile.stage().yamlName(),
                LookupApiSettings.Http.on("127.0.0.1", 0),
                LookupApiSettings.Database.at(database.jdbcUrl(), database.user(), Optional.of(database.password())),
                new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.empty()));
    }

    /** Returns when all that the topics hold by now is applied. */
    void awaitCaughtUp() throws Exception {
        Map<String, Long> ends;
        try (CutoverOffsets offsets = new CutoverOffsets(profile.messaging().adminProperties())) {
            ends = offsets.atEnd(List.of(profile.ledgerTopic(), profile.paymentOrderTopic())).stream()
                    .collect(Collectors.toMap(
                            anchor -> anchor.topic() + "-" + anchor.partition(), PartitionAnchor::startOffset));
        }
        AwaitedAnswer.holds("the consumer has caught up with " + ends, () -> {
            failWithConsumer();
            List<StoreStats.Partition> applied = stream();
            return applied.size() == ends.size()
                    && applied.stream()
                            .allMatch(partition -> partition.nextOffset()
                                    >= ends.get(partition.topic() + "-" + partition.partition()));
        });
    }

    private void failWithConsumer() throws ExecutionException, InterruptedException {
        if (consuming.isDone()) {
            consuming.get();
            throw new IllegalStateException("the consumer ended by itself");
        }
    }

    /** How far each partition is applied, and what became of its records. */
    List<StoreStats.Partition> stream() throws SQLException {
        return new StoreStats(store).stream();
    }

    /** What was refused, by backfill or stream. */
    long openDeadLetters() throws SQLException {
        return new StoreStats(store).openDeadLetters();
    }

    /** A connection to the store, past the product's code. */
    Connection connectToStore() throws SQLException {
        return database.connect();
    }

    int apiPort() {
        return api.port();
    }

    @Override
    public void close() {
        if (api != null) {
            api.close();
        }
        if (consumer != null) {
            consumer.close();
        }
        if (store != null) {
            store.close();
        }
    }
}

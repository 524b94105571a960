package txlookup.guarantee.fleet;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.guarantee.fault.SmallDisk;
import txlookup.guarantee.fault.TcpProxy;
import txlookup.guarantee.stream.Poison;
import txlookup.local.kafka.EventHubsProxy;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.GivenStore;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/** One PostgreSQL server and one broker for all trials, each behind a proxy that consumers have to take. */
public final class TrialServers {
    private static final String TEMPLATE = "template_of_trials";
    private static final long GENERATION_OF_TEMPLATE = 20260205000000L;

    /** Stands for whatever PostgreSQL may refuse though decoding let it through: an SQLSTATE of class 22. */
    private static final String REFUSE = """
            ALTER TABLE %s.ledger_entry ADD CONSTRAINT refuses_a_value
            CHECK (1 / CASE WHEN wallet_id = '%s' THEN 0 ELSE 1 END = 1)""".formatted("%s", Poison.REFUSED_BY_THE_STORE);

    /** {@code -Dguarantee.eventHubs=takes} or {@code resets}: what becomes of the newer client's handshake. */
    private static final String EVENT_HUBS = "guarantee.eventHubs";

    private static final String RESETS = "resets";

    private static TrialServers started;

    public final Path folder;
    public final TrialStore postgres;
    public final TcpProxy postgresProxy;
    public final LocalKafka kafka;
    public final TcpProxy kafkaProxy;
    private final Optional<EventHubsProxy> eventHubs;
    private final PostgresSettings postgresSettings;
    private final KafkaSettings kafkaSettings;
    private @Nullable SmallDisk smallDisk;
    private int trials;
    private volatile boolean keepingLogs;

    private TrialServers() throws IOException, SQLException {
        folder = Files.createTempDirectory("txlookup-guarantee-");
        postgresSettings = SharedPostgres.settings(folder.resolve("postgres"), Map.of("deadlock_timeout", "50ms"));
        int port = freePort();
        kafkaProxy = new TcpProxy(port);
        kafkaSettings = kafkaSettings(SharedKafka.settings(folder.resolve("kafka")), port, kafkaProxy.port());
        eventHubs = eventHubs(kafkaProxy.port());
        // Before the start: servers that did not start whole are ended as well.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-servers"));
        postgres = GivenStore.find()
                .<TrialStore>map(TrialStore.Given::new)
                .orElseGet(() -> new TrialStore.Own(LocalPostgres.start(postgresSettings), postgresSettings));
        postgresProxy = new TcpProxy(postgres.port());
        kafka = LocalKafka.start(kafkaSettings);
        makeTemplate();
    }

    /** Whether consumers meet Event Hubs, and whether it resets the newer client's handshake. */
    private static Optional<EventHubsProxy> eventHubs(int broker) throws IOException {
        String answers = System.getProperty(EVENT_HUBS, "");
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        EventHubsProxy proxy = new EventHubsProxy(broker);
        proxy.resetsNewApiVersions = RESETS.equals(answers);
        return Optional.of(proxy);
    }

    /** Whether consumers need the older Kafka client. */
    boolean resetsNewerClients() {
        return eventHubs.filter(proxy -> proxy.resetsNewApiVersions).isPresent();
    }

    private static KafkaSettings kafkaSettings(KafkaSettings usual, int port, int proxyPort) {
        Map<String, String> configuration = Map.of(
                "advertised.listeners", "PLAINTEXT://127.0.0.1:" + proxyPort, "group.min.session.timeout.ms", "500");
        return new KafkaSettings(
                usual.dataFolder(), usual.cacheFolder(), port, configuration, usual.logFile(), usual.deadline());
    }

    /** Started when first asked for, stopped when the JVM ends. */
    public static synchronized TrialServers started() throws IOException, SQLException {
        if (started == null) {
            started = new TrialServers();
        }
        return started;
    }

    private void stop() {
        LocalKafka.find(kafkaSettings).ifPresent(LocalKafka::kill);
        LocalPostgres.find(postgresSettings).ifPresent(LocalPostgres::crash);
        delete(kafkaSettings.dataFolder());
        delete(postgresSettings.dataFolder());
        if (smallDisk != null) {
            smallDisk.unmount();
        }
        if (!keepingLogs) {
            delete(folder);
        }
    }

    /** Leaves what processes wrote for whoever looks into a failure. */
    public void keepLogs() {
        keepingLogs = true;
    }

    private static void delete(Path folder) {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeTemplate() throws SQLException {
        if (!postgres.isOwn()) {
            return;
        }
        execute("postgres", "CREATE DATABASE " + TEMPLATE);
        try (HikariDataSource connections = StoreConnections.control(
                postgres.jdbcUrl(TEMPLATE), "postgres", password(), 1, Duration.ofSeconds(5), Duration.ofSeconds(30))) {
            Migrations.toHead(connections, GENERATION_OF_TEMPLATE);
        }
        execute(TEMPLATE, REFUSE.formatted(Migrations.schema(GENERATION_OF_TEMPLATE)));
    }

    /** A number that no other trial of this JVM has. */
    public int nextTrial() {
        return ++trials;
    }

    /** A store with the schema of one generation. */
    public void createDatabase(String name, long generation) throws SQLException {
        if (postgres instanceof TrialStore.Given given) {
            TestDatabase made = given.server().create(name);
            Migrations.toHead(made.connections(), generation);
            execute(name, REFUSE.formatted(Migrations.schema(generation)));
            try (Connection connection = connect(name)) {
                lookAt(connection, name, generation);
            }
            return;
        }
        execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement()) {
            String template = Migrations.schema(GENERATION_OF_TEMPLATE);
            statement.execute("ALTER SCHEMA %s RENAME TO %s".formatted(template, Migrations.schema(generation)));
            lookAt(connection, name, generation);
        }
    }

    /** From now on whoever connects to the database looks at the generation, also without a pool of the product's. */
    public static void lookAt(Connection connection, String database, long generation) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE %s SET search_path = %s, pg_temp"
                    .formatted(database, Migrations.schema(generation)));
        }
    }

    public void dropDatabase(String name) throws SQLException {
        if (postgres instanceof TrialStore.Given given) {
            given.server().drop(name);
            return;
        }
        execute("postgres", "DROP DATABASE " + name + " WITH (FORCE)");
    }

    public String password() {
        return postgres.password();
    }

    public KafkaSettings kafkaSettings() {
        return kafkaSettings;
    }

    /** How long the server's log is, in bytes. */
    public long postgresLog() throws IOException {
        return postgres.logLength();
    }

    /** What the server wrote since its log was that long. */
    public String postgresSaid(long since) throws IOException {
        return postgres.said(since);
    }

    /** How often it said this. */
    public long postgresSaid(long since, String what) throws IOException {
        return postgresSaid(since).lines().filter(line -> line.contains(what)).count();
    }

    /** Mounted when first asked for. */
    public SmallDisk smallDisk() throws Exception {
        if (smallDisk == null) {
            smallDisk = SmallDisk.mount(folder.resolve("small-disk"), Files.getOwner(postgresSettings.dataFolder()));
            execute("postgres", smallDisk.createTablespace());
        }
        return smallDisk;
    }

    /** Past the proxy. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), "postgres", postgres.password());
    }

    /** What consumers are given. */
    public String proxiedJdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + postgresProxy.port() + "/" + database;
    }

    /** What consumers are given; the broker leads everyone else there too. */
    public String proxiedBrokers() {
        return "127.0.0.1:" + eventHubs.map(EventHubsProxy::port).orElseGet(kafkaProxy::port);
    }

    /** Ends every fault of the network. */
    public void heal() {
        for (TcpProxy proxy : new TcpProxy[] {postgresProxy, kafkaProxy}) {
            proxy.rule(TcpProxy.PASS);
            proxy.flow();
        }
    }

    private void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

package txlookup.bench.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.process.CacheFolder;
import txlookup.migrations.Migrations;

/** PostgreSQL and Kafka of a bench's own, set like the local environment's: everything durable. */
public record Servers(Path folder, LocalPostgres postgres, PostgresSettings settings, LocalKafka kafka) {
    /** The generation of every store that is measured. */
    public static final long GENERATION = 20261101000000L;

    private static final Map<String, String> POSTGRES = Map.of(
            "shared_buffers", "512MB",
            "max_wal_size", "8GB",
            "min_wal_size", "4GB",
            "checkpoint_timeout", "30min",
            "synchronous_commit", "on",
            "max_connections", "100");

    /** How long a start may take that finds much to be recovered, and a stop that finds much to be written. */
    private static final Duration LONG = Duration.ofMinutes(10);

    public static Servers start() throws IOException {
        Path folder = Files.createTempDirectory("txlookup-bench-");
        return start(folder, KafkaSettings.USUAL_DEADLINE, Servers::remove);
    }

    /** In a folder whose data outlive the run: the next run finds them, and servers that a killed one left. */
    public static Servers in(Path folder) throws IOException {
        Files.createDirectories(folder);
        return start(folder, LONG, (at, settings, broker) -> {
            LocalKafka.find(broker).ifPresent(LocalKafka::stop);
            LocalPostgres.find(settings).ifPresent(LocalPostgres::stop);
        });
    }

    private interface AtTheEnd {
        void run(Path folder, PostgresSettings settings, KafkaSettings broker);
    }

    private static Servers start(Path folder, Duration deadline, AtTheEnd end) {
        PostgresSettings settings = new PostgresSettings(
                folder.resolve("postgres"),
                CacheFolder.ofThisUser(),
                0,
                "bench",
                "bench",
                POSTGRES,
                folder.resolve("postgres.log"),
                deadline);
        KafkaSettings broker = new KafkaSettings(
                folder.resolve("kafka"),
                CacheFolder.ofThisUser(),
                0,
                Map.of("group.initial.rebalance.delay.ms", "0"),
                folder.resolve("kafka.log"),
                deadline);
        // Whatever happens next, what was started ends with this JVM.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end.run(folder, settings, broker), "stop-servers"));
        return new Servers(folder, LocalPostgres.start(settings), settings, LocalKafka.start(broker));
    }

    /** A new empty database, in which whoever connects looks at the generation first, once its schema is there. */
    public String newDatabase(String name) {
        postgres.createDatabase(name);
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"), "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "ALTER DATABASE %s SET search_path = %s, public".formatted(name, Migrations.schema(GENERATION)));
        } catch (SQLException e) {
            throw new IllegalStateException("database %s: %s".formatted(name, e.getMessage()), e);
        }
        return postgres.jdbcUrl(name);
    }

    /**
     * Leaves log files to be used again, as a server has them that has run for a while: on a new one each is written full
     * of zeros first, while all commits wait.
     */
    public void haveRunForAWhile() throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"), "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    DO $$ BEGIN FOR file IN 1..200 LOOP
                        PERFORM pg_logical_emit_message(false, 'bench', repeat('x', 16000000));
                    END LOOP; END $$""");
            statement.execute("CHECKPOINT");
        }
    }

    /** The offset behind the last event of each of a topic's partitions. */
    public Map<Integer, Long> ends(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin
                    .listOffsets(
                            admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                                    .map(partition -> new TopicPartition(topic, partition.partition()))
                                    .collect(Collectors.toMap(partition -> partition, latest -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(end -> end.getKey().partition(), end -> end.getValue()
                            .offset()));
        }
    }

    /**
     * Removes a database that was measured, and with it its pages that were not yet written: the next contender would have
     * to write them.
     */
    public void drop(String name) {
        postgres.dropDatabase(name);
    }

    private static void remove(Path folder, PostgresSettings settings, KafkaSettings broker) {
        LocalKafka.find(broker).ifPresent(LocalKafka::kill);
        LocalPostgres.find(settings).ifPresent(LocalPostgres::crash);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + folder + " (" + e + ")");
        }
    }
}

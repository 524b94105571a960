package txlookup.local.containers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import txlookup.local.testing.ServerSource;
import txlookup.local.testing.TestEventHubs;
import txlookup.local.testing.TestKafka;
import txlookup.local.testing.TestPostgres;

/** Servers in containers, of the versions that the embedded ones have. Testcontainers removes them after the JVM. */
public final class ContainerServers implements ServerSource {
    private static final String IMAGES = "/txlookup/local/container-images.properties";
    private static final int KAFKA_PORT = 9092;
    // As the embedded server sorts and compares.
    private static final String INITDB =
            "--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8";
    // What the embedded broker is told and tests rely on.
    private static final Map<String, String> BROKER = Map.of(
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
            "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
            "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1",
            "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "1");

    @Override
    public String name() {
        return "containers";
    }

    @Override
    public Optional<String> obstacle() {
        return DockerEngine.obstacle();
    }

    @Override
    @SuppressWarnings("resource") // Testcontainers ends it with the JVM
    public TestPostgres startPostgres(String superuser, String password, Map<String, String> configuration) {
        PostgreSQLContainer server = new PostgreSQLContainer(image("postgres"))
                .withDatabaseName("postgres")
                .withUsername(superuser)
                .withPassword(password)
                .withEnv("POSTGRES_INITDB_ARGS", INITDB);
        server.setCommand(command(configuration).toArray(String[]::new));
        server.start();
        return new TestPostgres(server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT), superuser, password);
    }

    @Override
    @SuppressWarnings("resource") // Testcontainers ends it with the JVM
    public TestKafka startKafka() {
        KafkaContainer broker = new KafkaContainer(image("kafka")).withEnv(BROKER);
        broker.start();
        return new TestKafka(broker.getMappedPort(KAFKA_PORT));
    }

    @Override
    public TestEventHubs startEventHubs(Map<String, Integer> hubs, Set<String> groups) {
        return EventHubsEmulator.start(hubs, groups);
    }

    static List<String> command(Map<String, String> configuration) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        configuration.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(setting -> command.addAll(List.of("-c", setting.getKey() + "=" + setting.getValue())));
        return command;
    }

    static String image(String server) {
        Properties images = new Properties();
        try (InputStream file = ContainerServers.class.getResourceAsStream(IMAGES)) {
            if (file == null) {
                throw new IllegalStateException("there is no " + IMAGES + " on the class path");
            }
            images.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return images.getProperty(server);
    }
}

package txlookup.local.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import txlookup.local.kafka.EventHubsProxy;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.process.Ports;

/** The servers that this project brings along, each a process of its own with a folder of its own. */
final class EmbeddedServers implements ServerSource {
    static final String NAME = "embedded";
    private static final String POSTGRES = "txlookup-postgres-";
    private static final String KAFKA = "txlookup-kafka-";
    private static final String DATA = "data";
    // Azure ends what is idle after four minutes; here every quiet second is such an end.
    private static final Duration QUIET = Duration.ofSeconds(1);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    @Override
    public TestPostgres startPostgres(String superuser, String password, Map<String, String> configuration) {
        Path folder = newFolder(POSTGRES, EmbeddedServers::cleanUpPostgres);
        LocalPostgres server = LocalPostgres.start(SharedPostgres.settings(folder.resolve(DATA)));
        return new TestPostgres(server.port(), superuser, password);
    }

    @Override
    public TestKafka startKafka() {
        Path folder = newFolder(KAFKA, EmbeddedServers::cleanUpKafka);
        return new TestKafka(
                LocalKafka.start(SharedKafka.settings(folder.resolve(DATA))).port());
    }

    /** A broker that knows no more than Event Hubs does, behind {@link EventHubsProxy}. */
    @Override
    public TestEventHubs startEventHubs(Map<String, Integer> hubs, Set<String> groups) {
        TestKafka broker = SharedKafka.broker();
        hubs.forEach((hub, partitions) -> broker.createTopic(hub, partitions, Map.of()));
        try {
            EventHubsProxy proxy = new EventHubsProxy(broker.port());
            proxy.idleLimit = QUIET;
            return new TestEventHubs(Map.of("bootstrap.servers", Ports.LOOPBACK + ":" + proxy.port()));
        } catch (IOException e) {
            throw new UncheckedIOException("no port for Event Hubs in front of " + broker.bootstrapServers(), e);
        }
    }

    /** Cleaned up when this JVM ends, also after a start that fails or is interrupted half-way. */
    private static Path newFolder(String prefix, Consumer<Path> cleanUp) {
        Path folder = TestFolders.newFolder(prefix, cleanUp);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp.accept(folder), "stop-" + prefix));
        return folder;
    }

    static void cleanUpPostgres(Path folder) {
        Path data = folder.resolve(DATA);
        if (Files.exists(data)) {
            LocalPostgres.find(SharedPostgres.settings(data)).ifPresent(LocalPostgres::crash);
        }
        TestFolders.delete(folder);
    }

    private static void cleanUpKafka(Path folder) {
        Path data = folder.resolve(DATA);
        if (Files.exists(data)) {
            LocalKafka.find(SharedKafka.settings(data)).ifPresent(LocalKafka::kill);
        }
        TestFolders.delete(folder);
    }
}

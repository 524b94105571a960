package txlookup.local.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which source this JVM's tests take their servers from: the one that {@code -Dtests.servers} names, else the first on
 * the class path that this machine allows, else the embedded servers.
 *
 * @param reason why it is not the preferred one, or empty
 */
record ServerSelection(ServerSource source, String reason) {
    private static final Logger LOG = LoggerFactory.getLogger(ServerSelection.class);
    private static final String PROPERTY = "tests.servers";
    private static final Path TARGET = Path.of("target");
    private static final String ANNOUNCED = "test-servers.txt";

    private static ServerSource ofThisJvm;

    /** The same for all tests of this JVM; the first that asks has it announced. */
    static synchronized ServerSource ofThisJvm() {
        if (ofThisJvm == null) {
            List<ServerSource> sources = new ArrayList<>();
            ServiceLoader.load(ServerSource.class).forEach(sources::add);
            ServerSelection selection = select(Optional.ofNullable(System.getProperty(PROPERTY)), sources);
            announce(selection.said());
            ofThisJvm = selection.source();
        }
        return ofThisJvm;
    }

    /** @param preferred other sources than the embedded servers, the best first */
    static ServerSelection select(Optional<String> wanted, List<ServerSource> preferred) {
        ServerSource embedded = new EmbeddedServers();
        if (wanted.isPresent() && wanted.get().equals(embedded.name())) {
            return new ServerSelection(embedded, "");
        }
        List<String> obstacles = new ArrayList<>();
        for (ServerSource source : preferred) {
            boolean isWanted = wanted.map(source.name()::equals).orElse(true);
            if (isWanted) {
                Optional<String> obstacle = source.obstacle();
                if (obstacle.isEmpty()) {
                    return new ServerSelection(source, "");
                }
                if (wanted.isPresent()) {
                    throw new IllegalStateException(
                            "%s is '%s', but %s. Mend that, or leave %1$s out to take the embedded servers."
                                    .formatted(PROPERTY, source.name(), obstacle.get()));
                }
                obstacles.add(obstacle.get());
            }
        }
        wanted.ifPresent(name -> obstacles.add("this module's tests have no servers named '" + name + "'"));
        return new ServerSelection(embedded, String.join("; ", obstacles));
    }

    String said() {
        return "Servers of the tests: %s%s".formatted(source.name(), reason.isEmpty() ? "" : ", because " + reason);
    }

    /** In the log, and where the end of the run finds it. */
    private static void announce(String said) {
        LOG.info(said);
        if (Files.isDirectory(TARGET.resolve("test-classes"))) {
            try {
                Files.writeString(TARGET.resolve(ANNOUNCED), said + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException("the servers that the tests take could not be told to " + TARGET, e);
            }
        }
    }
}

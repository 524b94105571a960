package txlookup.local.containers;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, if there is one. */
final class DockerEngine {
    private static final String ADDRESS = "DOCKER_HOST";

    private DockerEngine() {}

    /** Why tests cannot have containers here; empty where they can. */
    static Optional<String> obstacle() {
        Path home = Path.of(System.getProperty("user.home"));
        Optional<String> noTrace = noTrace(
                System.getenv(),
                List.of(Path.of("/var/run/docker.sock"), home.resolve(".docker/run/docker.sock")),
                home.resolve(".testcontainers.properties"));
        return noTrace.isPresent() ? noTrace : noAnswer();
    }

    /** Asked first: Testcontainers takes seconds, and many lines of its log, to find nothing. */
    static Optional<String> noTrace(Map<String, String> environment, List<Path> sockets, Path settings) {
        boolean trace = environment.containsKey(ADDRESS)
                || Files.exists(settings)
                || sockets.stream().anyMatch(Files::exists);
        return trace
                ? Optional.empty()
                : Optional.of("there is no Docker engine (no %s, no %s)".formatted(ADDRESS, sockets.get(0)));
    }

    private static Optional<String> noAnswer() {
        DockerClientFactory factory = DockerClientFactory.instance();
        return factory.isDockerAvailable()
                ? elsewhere(factory.dockerHostIpAddress())
                : Optional.of("the Docker engine does not answer");
    }

    /** Tests connect to the loopback address. */
    static Optional<String> elsewhere(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress()
                    ? Optional.empty()
                    : Optional.of("the Docker engine is on %s, and not on this machine".formatted(host));
        } catch (UnknownHostException e) {
            return Optional.of("the Docker engine is on %s, which has no address".formatted(host));
        }
    }
}

package txlookup.local.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@link LocalKafka} needs to know.
 *
 * @param dataFolder where the broker's log and its pid file live; made when it is missing or empty
 * @param cacheFolder keeps what makes the next start faster (a class archive, on JDK 19 and later); may be shared
 * @param port TCP port on 127.0.0.1; 0 picks a free one at each start
 * @param configuration further settings as in server.properties; {@code advertised.listeners} leads clients elsewhere, such
 *     as through a proxy
 * @param logFile what the broker writes, appended to
 * @param deadline how long a start may take, formatting the log included; a stop that takes longer becomes a kill
 * @param joins the cluster that the broker joins; empty for one of its own, of which it is the controller
 */
public record KafkaSettings(
        Path dataFolder,
        Path cacheFolder,
        int port,
        Map<String, String> configuration,
        Path logFile,
        Duration deadline,
        Optional<Cluster> joins) {
    /**
     * A cluster of a broker that runs already.
     *
     * @param id as the cluster was formatted
     * @param controllerPort of its controller on 127.0.0.1
     * @param node the number of the broker that joins; the first one has number 1
     */
    record Cluster(String id, int controllerPort, int node) {}

    /** The settings of a broker with a cluster of its own. */
    public KafkaSettings(
            Path dataFolder,
            Path cacheFolder,
            int port,
            Map<String, String> configuration,
            Path logFile,
            Duration deadline) {
        this(dataFolder, cacheFolder, port, configuration, logFile, deadline, Optional.empty());
    }

    /** The deadline that suits a developer's machine: a start takes about three seconds. */
    public static final Duration USUAL_DEADLINE = Duration.ofSeconds(60);

    private static final Set<String> FIXED = Set.of(
            "controller.listener.names",
            "controller.quorum.bootstrap.servers",
            "controller.quorum.voters",
            "inter.broker.listener.name",
            "listener.security.protocol.map",
            "listeners",
            "log.dir",
            "log.dirs",
            "metadata.log.dir",
            "node.id",
            "process.roles");

    /** @throws IllegalArgumentException for a value that no broker could start with */
    public KafkaSettings {
        dataFolder = dataFolder.toAbsolutePath().normalize();
        cacheFolder = cacheFolder.toAbsolutePath().normalize();
        logFile = logFile.toAbsolutePath().normalize();
        configuration = Map.copyOf(configuration);
        require(port >= 0 && port <= 65535, "port must be 0 to 65535, not " + port);
        require(!deadline.isNegative() && !deadline.isZero(), "deadline must be positive, not " + deadline);
        require(!logFile.startsWith(dataFolder), "the log file " + logFile + " must lie outside the data folder");
        for (String name : configuration.keySet()) {
            require(!FIXED.contains(name), name + " is decided by the local environment and cannot be set");
        }
    }

    KafkaSettings joining(Cluster cluster) {
        return new KafkaSettings(dataFolder, cacheFolder, port, configuration, logFile, deadline, Optional.of(cluster));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

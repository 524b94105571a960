package txlookup.local.kafka;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import txlookup.local.process.Command;
import txlookup.local.process.Deadline;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.LogTail;
import txlookup.local.process.ManagedProcess;
import txlookup.local.process.Ports;

/**
 * A second broker in the cluster of a {@link LocalKafka}, for tests of what becomes of one broker's partitions while the
 * other stands still. The first stays the only controller. Its data folder is deleted by whoever chose it.
 */
public final class SecondBroker implements AutoCloseable {
    /** Its number in the cluster; the first broker's is 1. */
    public static final int NODE = 2;

    private static final String NAME = "Kafka, second broker";
    private static final List<String> FLAGS = List.of("-Xmx512m", "-XX:+UseSerialGC");

    private final ManagedProcess process;
    private final Duration deadline;

    private SecondBroker(ManagedProcess process, Duration deadline) {
        this.process = process;
        this.deadline = deadline;
    }

    /**
     * Returns when the cluster counts on it.
     *
     * @param first settings of the running first broker
     * @param dataFolder where the second one's log goes; missing yet
     */
    public static SecondBroker start(KafkaSettings first, Path dataFolder) {
        Deadline deadline = Deadline.after(first.deadline());
        KafkaFolder folder = new KafkaFolder(dataFolder.toAbsolutePath().normalize());
        Path log = folder.folder().resolveSibling(folder.folder().getFileName() + ".log");
        int port = Ports.free();
        BrokerClassPath broker = BrokerClassPath.find();
        try {
            Files.createDirectories(folder.folder());
            configure(new KafkaFolder(first.dataFolder()), folder, port);
            format(broker, clusterId(first.dataFolder()), folder, deadline);
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot prepare the folder " + folder.folder() + ": " + e, e);
        }
        ManagedProcess process = ManagedProcess.start(
                NAME,
                broker.java(
                        flags(folder), "kafka.Kafka", folder.serverProperties().toString()),
                Map.of(),
                log,
                folder.pidFile());
        if (!deadline.await(() -> !process.isRunning() || hasJoined(port)) || !process.isRunning()) {
            process.kill();
            throw new LocalEnvironmentException(
                    NAME + " on " + folder.folder() + " did not join the first" + LogTail.quote(log, 0, 10));
        }
        return new SecondBroker(process, first.deadline());
    }

    private static List<String> flags(KafkaFolder folder) {
        return List.of(FLAGS.get(0), FLAGS.get(1), "-Dlog4j2.configurationFile=" + folder.loggingProperties());
    }

    private static void configure(KafkaFolder first, KafkaFolder folder, int port) throws IOException {
        Properties properties = read(first.serverProperties());
        String listener = "PLAINTEXT://" + Ports.LOOPBACK + ":" + port;
        properties.setProperty("node.id", Integer.toString(NODE));
        properties.setProperty("process.roles", "broker");
        properties.setProperty("listeners", listener);
        properties.setProperty("advertised.listeners", listener);
        properties.setProperty("log.dirs", folder.log().toString());
        try (Writer writer = Files.newBufferedWriter(folder.serverProperties())) {
            properties.store(writer, null);
        }
        KafkaConfiguration.writeLogging(folder.loggingProperties());
    }

    private static String clusterId(Path firstFolder) throws IOException {
        return read(new KafkaFolder(firstFolder).log().resolve("meta.properties"))
                .getProperty("cluster.id");
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static void format(BrokerClassPath broker, String cluster, KafkaFolder folder, Deadline deadline) {
        Command.Result result = Command.run(
                broker.java(
                        flags(folder),
                        "kafka.tools.StorageTool",
                        "format",
                        "--cluster-id",
                        cluster,
                        "--config",
                        folder.serverProperties().toString()),
                deadline.left());
        if (!result.succeeded()) {
            throw new LocalEnvironmentException("formatting " + folder.folder() + " failed with exit code "
                    + result.exitCode() + "; it wrote:\n" + result.output().strip());
        }
    }

    private static boolean hasJoined(int port) {
        if (!Ports.accepts(port)) {
            return false;
        }
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, Ports.LOOPBACK + ":" + port))) {
            return admin.describeCluster(new DescribeClusterOptions().timeoutMs(2000)).nodes().get().stream()
                    .anyMatch(node -> node.id() == NODE);
        } catch (ExecutionException e) {
            return false; // not yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalEnvironmentException("interrupted while the second broker joined", e);
        }
    }

    /** Lets it hang (SIGSTOP): connections stay, answers do not come, and soon its partitions have no leader. */
    public void freeze() {
        process.freeze();
    }

    /** Lets it go on after {@link #freeze()}. */
    public void thaw() {
        process.thaw();
    }

    /** Stops in good order, so that the cluster no longer counts on it. */
    @Override
    public void close() {
        process.stop(deadline);
    }
}

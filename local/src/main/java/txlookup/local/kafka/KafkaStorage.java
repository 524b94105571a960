package txlookup.local.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import txlookup.local.process.Command;
import txlookup.local.process.Deadline;
import txlookup.local.process.Folders;
import txlookup.local.process.LocalEnvironmentException;

/**
 * Makes a broker's data folder. It is formatted beside its place and renamed into it whole, so that a folder that is
 * there was formatted to its end.
 */
final class KafkaStorage {
    private static final String UNFINISHED = ".format-";
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final KafkaSettings settings;
    private final BrokerClassPath broker;

    KafkaStorage(KafkaSettings settings, BrokerClassPath broker) {
        this.settings = settings;
        this.broker = broker;
    }

    /** Formats a new folder, or sees that this broker can read the one that is there. The caller holds the lock. */
    void provide(Deadline deadline) {
        Path data = settings.dataFolder();
        try {
            Folders.deleteUnfinished(data, UNFINISHED, deadline);
            if (Folders.isMissingOrEmpty(data)) {
                format(deadline);
            } else {
                requireReadable(new KafkaFolder(data));
            }
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot prepare the Kafka data folder " + data + ": " + e + "; may this user write there?", e);
        }
    }

    private void format(Deadline deadline) throws IOException {
        Path data = settings.dataFolder();
        KafkaFolder unfinished =
                new KafkaFolder(Files.createTempDirectory(data.getParent(), data.getFileName() + UNFINISHED));
        try {
            // Formatting looks at the settings but listens nowhere: any ports will do.
            KafkaConfiguration.write(
                    unfinished.serverProperties(), unfinished.log(), new KafkaFolder.KnownPorts(9092, 9093), settings);
            KafkaConfiguration.writeLogging(unfinished.loggingProperties());
            Command.Result result = Command.run(
                    broker.java(
                            Stream.concat(
                                            FLAGS.stream(),
                                            Stream.of("-Dlog4j2.configurationFile=" + unfinished.loggingProperties()))
                                    .toList(),
                            "kafka.tools.StorageTool",
                            "format",
                            "--cluster-id",
                            settings.joins().map(KafkaSettings.Cluster::id).orElseGet(() -> Uuid.randomUuid()
                                    .toString()),
                            "--config",
                            unfinished.serverProperties().toString()),
                    deadline.left());
            if (!result.succeeded()) {
                throw new LocalEnvironmentException("formatting the Kafka data folder " + data
                        + " failed with exit code " + result.exitCode() + "; it wrote:\n"
                        + result.output().strip());
            }
            Files.writeString(unfinished.version(), broker.version() + "\n");
            Files.move(unfinished.folder(), data, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.deleteIfThere(unfinished.folder());
        }
    }

    /** A broker reads what an earlier one wrote, not what a later one did. */
    private void requireReadable(KafkaFolder folder) throws IOException {
        if (!Files.exists(folder.version())) {
            throw new LocalEnvironmentException(folder.folder() + " is not empty and holds no Kafka data (no "
                    + folder.version().getFileName() + "); choose another data folder");
        }
        String madeBy = Files.readString(folder.version()).strip();
        if (Arrays.compare(numbers(madeBy), numbers(broker.version())) > 0) {
            throw new LocalEnvironmentException(folder.folder() + " was made by Kafka " + madeBy
                    + ", but this is Kafka " + broker.version()
                    + "; forget the local data with 'txlookup down --destroy' and start again");
        }
    }

    private static int[] numbers(String version) {
        return Stream.of(version.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .limit(2)
                .toArray();
    }
}

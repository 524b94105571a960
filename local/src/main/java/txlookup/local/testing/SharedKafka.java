package txlookup.local.testing;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.process.CacheFolder;

/** One Kafka broker a test JVM: started when first asked for, stopped and deleted when the JVM ends. */
public final class SharedKafka {
    private static TestKafka broker;

    private SharedKafka() {}

    /** Host and port for clients. */
    public static String bootstrapServers() {
        return broker().bootstrapServers();
    }

    /** A name that no other test has; the topic itself is for the test to make. */
    public static String newTopicName(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** The broker itself. A test that stops, kills or freezes one starts its own, with {@link #settings}. */
    public static synchronized TestKafka broker() {
        if (broker == null) {
            broker = ServerSelection.ofThisJvm().startKafka();
        }
        return broker;
    }

    /** Settings for a broker of a test's own: a free port, the shared cache. */
    public static KafkaSettings settings(Path dataFolder) {
        return new KafkaSettings(
                dataFolder,
                CacheFolder.ofThisUser(),
                0,
                Map.of(),
                dataFolder.resolveSibling(dataFolder.getFileName() + ".log"),
                KafkaSettings.USUAL_DEADLINE);
    }
}

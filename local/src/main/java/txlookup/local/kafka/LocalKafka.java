package txlookup.local.kafka;

import java.util.Map;
import java.util.Optional;
import txlookup.local.process.Ports;

/**
 * A Kafka broker on this machine, a process of its own that outlives the JVM that started it. Whoever names the same data
 * folder later finds it running and takes it over.
 *
 * <p>Its jars are not on the class path of this program: they are looked for in the folder that the system property
 * {@code txlookup.broker.lib} names, else the environment variable {@code TXLOOKUP_BROKER_LIB}, else in the folder
 * {@code broker} beside the folder of this program's jar.
 *
 * <p>All methods throw {@code LocalEnvironmentException} when the machine does not let them do their work.
 */
public final class LocalKafka implements AutoCloseable {
    private final KafkaSettings settings;
    private volatile KafkaBroker.Running broker;

    private LocalKafka(KafkaSettings settings, KafkaBroker.Running broker) {
        this.settings = settings;
        this.broker = broker;
    }

    /**
     * Returns when the broker serves requests. Formats the data folder when it is missing or empty. A broker that runs on
     * this data folder already is adopted with the port it has.
     */
    public static LocalKafka start(KafkaSettings settings) {
        return new LocalKafka(settings, new KafkaBroker(settings).provide(settings.port()));
    }

    /**
     * Starts another broker of the same cluster, which this one controls; for faults that take two.
     *
     * @param node its number, from 2 on
     */
    public LocalKafka startAnother(KafkaSettings another, int node) {
        int controller = new KafkaFolder(settings.dataFolder()).ports().controller();
        return start(another.joining(new KafkaSettings.Cluster(new KafkaTopics(port()).clusterId(), controller, node)));
    }

    /** The broker that runs on this data folder, be it still starting or already stopping; starts nothing. */
    public static Optional<LocalKafka> find(KafkaSettings settings) {
        return new KafkaBroker(settings).find().map(broker -> new LocalKafka(settings, broker));
    }

    /** Host and port for clients. */
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port();
    }

    /** The TCP port on 127.0.0.1. */
    public int port() {
        return broker.port();
    }

    /** The process id of the broker. */
    public long pid() {
        return broker.process().pid();
    }

    /** Whether this broker's process is alive, be it frozen; not whether it answers. */
    public boolean isRunning() {
        return broker.process().isRunning();
    }

    /** Makes a topic. One that is there with as many partitions is kept as it is; another number is an error. */
    public void createTopic(String name, int partitions, Map<String, String> configuration) {
        new KafkaTopics(port()).create(name, partitions, configuration);
    }

    /** Deletes a topic with its records. Returns whether it was there. */
    public boolean deleteTopic(String name) {
        return new KafkaTopics(port()).delete(name);
    }

    /** Stops in good order; kills it when it takes longer than the settings' deadline. Nothing when not running. */
    public void stop() {
        broker.process().stop(settings.deadline());
    }

    /** Stops when running, and starts again on the same port. */
    public void restart() {
        stop();
        broker = new KafkaBroker(settings).provide(broker.port());
    }

    /** Ends it at once (SIGKILL). */
    public void kill() {
        broker.process().kill();
    }

    /** Lets it hang (SIGSTOP): connections stay, answers do not come. */
    public void freeze() {
        broker.process().freeze();
    }

    /** Lets it go on after {@link #freeze()}. */
    public void thaw() {
        broker.process().thaw();
    }

    /** The same as {@link #stop()}. To leave the broker running, do not close. */
    @Override
    public void close() {
        stop();
    }
}

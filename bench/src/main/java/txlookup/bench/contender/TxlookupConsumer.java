package txlookup.bench.contender;

import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.apply.store.position.StoreStats;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.measure.ProcessorTime;
import txlookup.bench.measure.Throughput;
import txlookup.bench.servers.ParentWatchdog;
import txlookup.bench.servers.Servers;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;

/** The consumer as it is shipped, with the local profile's settings, in processes of its own over a store of its own. */
public final class TxlookupConsumer implements AutoCloseable {

    private final String url;
    private final HikariDataSource store;
    private final StoreStats contents;
    private final List<Process> processes = new ArrayList<>();

    private TxlookupConsumer(String url, HikariDataSource store) {
        this.url = url;
        this.store = store;
        this.contents = new StoreStats(store);
    }

    /**
     * Applies a topic from its beginning into an empty store.
     *
     * @param processes how many consumers share the partitions
     * @param memory the heap of each, such as {@code 256m}
     */
    public static Throughput run(Servers servers, String database, String topic, int processes, String memory)
            throws Exception {
        try (TxlookupConsumer consumer = start(servers, database, topic, processes, memory)) {
            Throughput rate = consumer.rate(servers, topic);
            System.out.printf(
                    "  %.1f us of processor time an event, starts included%n",
                    consumer.processorSeconds() * 1e6 / consumer.consumed());
            return rate;
        }
    }

    /** Waits until all of the topic is applied. */
    public Throughput rate(Servers servers, String topic) throws Exception {
        return Throughput.of("consumer", servers.ends(topic), this::positions);
    }

    /** Loads a generation once it is anchored, before events are applied to it. */
    @FunctionalInterface
    public interface Load {
        void into(String url, long generation) throws Exception;
    }

    /** Starts consuming a topic from its beginning into an empty store. */
    public static TxlookupConsumer start(Servers servers, String database, String topic, int processes, String memory)
            throws Exception {
        return start(servers, database, topic, processes, memory, (url, generation) -> {});
    }

    /** As above, into a store that is loaded first. */
    public static TxlookupConsumer start(
            Servers servers, String database, String topic, int processes, String memory, Load load) throws Exception {
        return start(servers, database, List.of(topic), LedgerEvents.PARTITIONS, processes, memory, load);
    }

    /**
     * As {@link #start}, from several topics.
     *
     * @param topics of ledger entries, and of payment orders where these are applied, too
     * @param partitions of each
     */
    public static TxlookupConsumer start(
            Servers servers, String database, List<String> topics, int partitions, int processes, String memory)
            throws Exception {
        return start(servers, database, topics, partitions, processes, memory, (url, generation) -> {});
    }

    private static TxlookupConsumer start(
            Servers servers,
            String database,
            List<String> topics,
            int partitions,
            int processes,
            String memory,
            Load load)
            throws Exception {
        String url = servers.newDatabase(database);
        TxlookupConsumer consumer = new TxlookupConsumer(url, connect(url, Servers.GENERATION));
        Migrations.toHead(consumer.store, Servers.GENERATION);
        anchor(consumer.store, Servers.GENERATION, topics, partitions);
        load.into(url, Servers.GENERATION);
        new GenerationRegistry(consumer.store).moveTo(Servers.GENERATION, Generation.State.CATCHING_UP, null);
        for (int i = 0; i < processes; i++) {
            consumer.processes.add(start(servers, url, topics, memory, Servers.GENERATION));
        }
        return consumer;
    }

    /** Applies the same topic to another generation of the same store, which is ended with this one. */
    public void applyTo(Servers servers, long generation, String topic, String memory, Load load) throws Exception {
        try (HikariDataSource other = connect(url, generation)) {
            Migrations.toHead(other, generation);
            anchor(other, generation, List.of(topic), LedgerEvents.PARTITIONS);
            load.into(url, generation);
            new GenerationRegistry(other).moveTo(generation, Generation.State.CATCHING_UP, null);
        }
        processes.add(start(servers, url, List.of(topic), memory, generation));
    }

    /** How many records are accounted for. */
    public long consumed() throws Exception {
        requireAlive();
        return contents.stream().stream()
                .mapToLong(partition -> partition.counts().consumed())
                .sum();
    }

    private Map<Integer, Long> positions() throws Exception {
        requireAlive();
        return contents.stream().stream()
                .collect(Collectors.toMap(StoreStats.Partition::partition, StoreStats.Partition::nextOffset));
    }

    /** How many of them are dead letters. */
    public long dead() throws Exception {
        return contents.openDeadLetters();
    }

    /** Resident memory of the first process, in bytes. */
    public long residentBytes() throws IOException {
        requireAlive();
        Path statm = Path.of("/proc", Long.toString(processes.get(0).pid()), "statm");
        try (Scanner pages = new Scanner(Files.readString(statm))) {
            pages.nextLong(); // all that is mapped
            return pages.nextLong() * 4096;
        }
    }

    /** Processor time of all processes, in seconds. */
    public double processorSeconds() {
        return processes.stream()
                .mapToDouble(process -> ProcessorTime.of(process.pid()))
                .sum();
    }

    /** Where the store is. */
    public String url() {
        return url;
    }

    /** Ends the first process: the consumer of the first generation, where one applies each. */
    public void endFirst() {
        processes.remove(0).destroyForcibly().onExit().join();
    }

    private void requireAlive() {
        for (Process process : processes) {
            if (!process.isAlive()) {
                throw new IllegalStateException("a consumer ended with " + process.exitValue());
            }
        }
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly().onExit().join();
        }
        store.close();
    }

    private static void anchor(HikariDataSource store, long generation, List<String> topics, int partitions)
            throws Exception {
        GenerationRegistry registry = new GenerationRegistry(store);
        registry.plan(new Generation(
                generation,
                "bench",
                "bench",
                group(topics.get(0), generation),
                "canonical-v1",
                Instant.now(),
                Generation.State.PLANNED,
                null));
        List<PartitionAnchor> anchors = topics.stream()
                .flatMap(topic -> IntStream.range(0, partitions)
                        .mapToObj(partition -> new PartitionAnchor(topic, partition, null, 0)))
                .toList();
        registry.anchor(generation, anchors, Instant.now());
    }

    private static Process start(Servers servers, String url, List<String> topics, String memory, long generation)
            throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + memory,
                "-Xmx" + memory,
                "-XX:+UseSerialGC",
                "-XX:NewRatio=1",
                "-Dlogging.level=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                TxlookupConsumer.class.getName(),
                servers.kafka().bootstrapServers(),
                url,
                String.join(",", topics),
                Long.toString(generation));
        File log = servers.folder().resolve("consumer.log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    /** One consumer process. */
    public static void main(String[] arguments) throws Exception {
        ParentWatchdog.toTheBench();
        Profile profile =
                ProfileLoader.ofThisProcess().load("local", Map.of("messaging.bootstrapServers", arguments[0]));
        List<String> topics = List.of(arguments[2].split(",", -1));
        Map<String, Entity> holding = new HashMap<>();
        holding.put(topics.get(0), Entity.LEDGER_ENTRY);
        topics.stream().skip(1).forEach(orders -> holding.put(orders, Entity.PAYMENT_ORDER));
        long generation = Long.parseLong(arguments[3]);
        Map<String, Object> kafka = new HashMap<>(profile.messaging().consumerProperties());
        kafka.put("max.poll.records", profile.consumer().pollMaxRecords());
        SubscriptionSettings settings = new SubscriptionSettings(
                generation,
                group(topics.get(0), generation),
                "bo-sync-bench",
                holding,
                kafka,
                "bench",
                profile.consumer().batchMaxRecords(),
                profile.consumer().batchMaxBytes().bytes(),
                profile.consumer().batchInterval(),
                profile.consumer().retryInitialBackoff(),
                profile.consumer().retryMaxBackoff(),
                profile.events().maxFutureSkew(),
                profile.consumer().maxDeadShare(),
                profile.consumer().crashTries());
        new ConsumerProcess(
                        settings,
                        profile.events().profile(),
                        connect(arguments[1], generation),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .run();
    }

    static String group(String topic, long generation) {
        return "bo-sync-bench-" + topic + "-v" + generation;
    }

    private static HikariDataSource connect(String url, long generation) {
        return StoreConnections.generation(
                generation, url, "bench", "bench", 10, Duration.ofSeconds(10), Duration.ofSeconds(30));
    }
}

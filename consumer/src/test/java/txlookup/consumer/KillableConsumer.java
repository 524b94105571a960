package txlookup.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import txlookup.apply.store.batch.Store;
import txlookup.consumer.offsets.BrokerLogs;
import txlookup.consumer.poll.KafkaClients;
import txlookup.consumer.poll.MemoryBounds;
import txlookup.consumer.poll.Subscription;
import txlookup.consumer.telemetry.BatchTracing;
import txlookup.consumer.telemetry.StoreHealth;
import txlookup.consumer.worker.StoreTurns;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.profiles.events.EventProfiles;

/** A consumer in a JVM of its own, which can be killed as the kernel kills. */
public final class KillableConsumer {
    private KillableConsumer() {}

    /** Starts one; its output goes to {@code log}. */
    public static Process start(ConsumerFixture fixture, Path log) throws IOException {
        return start(KillableConsumer.class, fixture, log);
    }

    public static Process start(Class<?> main, ConsumerFixture fixture, Path log) throws IOException {
        return start(main, fixture, log, List.of(), 4);
    }

    /**
     * Starts one with flags of the JVM.
     *
     * @param partitions of both topics; with many it fetches and gathers as much as a shipped profile lets it
     */
    public static Process start(ConsumerFixture fixture, Path log, List<String> flags, int partitions)
            throws IOException {
        return start(KillableConsumer.class, fixture, log, flags, partitions);
    }

    private static Process start(Class<?> main, ConsumerFixture fixture, Path log, List<String> flags, int partitions)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(flags);
        command.add(main.getName());
        command.addAll(fixture.coordinates());
        command.add(Integer.toString(partitions));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /**
     * Consumes until it is killed.
     *
     * @param coordinates as {@link ConsumerFixture#coordinates} gives them, and the number of partitions
     */
    public static void main(String[] coordinates) {
        int partitions = Integer.parseInt(coordinates[6]);
        SubscriptionSettings usual = ConsumerFixture.settings(coordinates[3], coordinates[4], coordinates[5]);
        SubscriptionSettings settings = partitions > 4 ? asShipped(usual) : usual;
        HikariDataSource connections = ConsumerFixture.pool(coordinates[0], coordinates[1], coordinates[2], 4);
        MemoryBounds memory = MemoryBounds.ofThisProcess();
        new Subscription(
                        settings,
                        EventProfiles.load("canonical-v1"),
                        new Store(connections),
                        KafkaClients.consumer(settings, memory, partitions),
                        new BrokerLogs(KafkaClients.admin(settings)),
                        new StoreTurns(4),
                        new StoreHealth(),
                        memory,
                        new SimpleMeterRegistry(),
                        new BatchTracing(OpenTelemetry.noop(), ""))
                .run();
    }

    private static SubscriptionSettings asShipped(SubscriptionSettings usual) {
        Map<String, Object> kafka = new HashMap<>(usual.kafka());
        kafka.putAll(
                Map.of("fetch.max.bytes", 16 << 20, "max.partition.fetch.bytes", 4 << 20, "max.poll.records", 5_000));
        return new SubscriptionSettings(
                usual.generation(),
                usual.group(),
                usual.canary(),
                usual.topics(),
                kafka,
                usual.owner(),
                10_000,
                8 << 20,
                usual.batchInterval(),
                usual.backoffFirst(),
                usual.backoffMost(),
                usual.maxFutureSkew(),
                usual.maxDeadShare(),
                usual.crashTries());
    }
}

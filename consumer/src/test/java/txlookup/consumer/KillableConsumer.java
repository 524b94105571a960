package txlookup.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import txlookup.apply.store.Store;
import txlookup.profiles.EventProfiles;

/** A consumer in a JVM of its own, which can be killed as the kernel kills. */
final class KillableConsumer {
    private KillableConsumer() {}

    /** Starts one; its output goes to {@code log}. */
    static Process start(ConsumerFixture fixture, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KillableConsumer.class.getName()));
        command.addAll(fixture.coordinates());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /**
     * Consumes until it is killed.
     *
     * @param coordinates as {@link ConsumerFixture#coordinates} gives them
     */
    public static void main(String[] coordinates) {
        ConsumerSettings settings = ConsumerFixture.settings(coordinates[3], coordinates[4], coordinates[5]);
        HikariDataSource connections = ConsumerFixture.pool(coordinates[0], coordinates[1], coordinates[2], 4);
        MemoryBounds memory = MemoryBounds.ofThisProcess();
        new Subscription(
                        settings,
                        EventProfiles.load("canonical-v1"),
                        new Store(connections),
                        KafkaClients.consumer(settings, memory, 4),
                        new BrokerLogs(KafkaClients.admin(settings)),
                        new StoreTurns(4),
                        memory,
                        new SimpleMeterRegistry(),
                        new BatchTracing(OpenTelemetry.noop(), ""))
                .run();
    }
}

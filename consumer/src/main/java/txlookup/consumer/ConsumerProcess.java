package txlookup.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.Generation;
import txlookup.apply.store.GenerationRegistry;
import txlookup.apply.store.Store;
import txlookup.apply.store.StoreContents;
import txlookup.apply.store.StoreRetry;
import txlookup.profiles.EventProfile;

/** The consumer as a process: what it is made of, started and ended in order. */
public final class ConsumerProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConsumerProcess.class);
    private static final Duration ORDERLY_STOP = Duration.ofSeconds(25);

    private final HikariDataSource connections;
    private final Admin admin;
    private final Subscription subscription;
    private final ConsumerEndpoint endpoint;
    private final ReplayDesk replays;

    /** Traces nothing, and exports no metrics beside {@code /metrics}. */
    public ConsumerProcess(
            ConsumerSettings settings, EventProfile profile, HikariDataSource connections, InetSocketAddress address)
            throws IOException, SQLException {
        this(settings, profile, connections, address, OpenTelemetry.noop(), Optional.empty());
    }

    /**
     * Connects everything; nothing is read yet.
     *
     * @param connections the store; closed with this process
     * @param address where {@code /health}, {@code /ready} and {@code /metrics} answer
     * @param telemetry takes the traces; {@link OpenTelemetry#noop} for none
     * @param exported takes what {@code /metrics} shows as well
     * @throws IllegalStateException when the generation is unknown or in a state that takes no events, or when the broker
     *     does not speak with this version of the Kafka client
     */
    public ConsumerProcess(
            ConsumerSettings settings,
            EventProfile profile,
            HikariDataSource connections,
            InetSocketAddress address,
            OpenTelemetry telemetry,
            Optional<MeterRegistry> exported)
            throws IOException, SQLException {
        this.connections = connections;
        StoreTurns turns = new StoreTurns(connections.getMaximumPoolSize());
        int partitions = requireConsumable(settings, turns);
        PrometheusMeterRegistry shown = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MeterRegistry registry = exported.<MeterRegistry>map(
                        more -> new CompositeMeterRegistry().add(shown).add(more))
                .orElse(shown);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        KafkaClients.requireHandshake(settings);
        admin = KafkaClients.admin(settings);
        MemoryBounds memory = MemoryBounds.ofThisProcess();
        BatchTracing tracing = new BatchTracing(telemetry, settings.group());
        subscription = new Subscription(
                settings,
                profile,
                new Store(connections, tracing.tracer()),
                KafkaClients.consumer(settings, memory, partitions),
                new BrokerLogs(admin),
                turns,
                memory,
                registry,
                tracing);
        replays = new ReplayDesk(settings, profile, connections);
        endpoint = new ConsumerEndpoint(address, shown, subscription.health());
        log.info(
                "Generation {} in group {}: topics {}, endpoint on port {}",
                settings.generation(),
                settings.group(),
                settings.topics().keySet(),
                endpoint.port());
    }

    /** How many partitions the generation has. */
    private int requireConsumable(ConsumerSettings settings, StoreTurns turns) throws SQLException {
        long number = settings.generation();
        GenerationRegistry registry = new GenerationRegistry(connections);
        Generation generation = patiently(settings, turns, () -> registry.find(number))
                .orElseThrow(() -> new IllegalStateException(
                        "Generation %d is not in the registry; run the backfill first".formatted(number)));
        if (!generation.state().isConsumable()) {
            throw new IllegalStateException(
                    "Generation %d is %s; events are applied from CATCHING_UP on and until it is RETIRING"
                            .formatted(number, generation.state()));
        }
        return patiently(settings, turns, () -> new StoreContents(connections).partitions());
    }

    /** A store that is away is waited for at the start as it is later. */
    private static <T> T patiently(ConsumerSettings settings, StoreTurns turns, StoreRetry.Work<T> work)
            throws SQLException {
        try {
            return new PatientStore(settings, new Availability(), turns, () -> false).until(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the store", e);
        }
    }

    /** Applies records until {@link #close} or a failure, which is thrown. */
    public void run() {
        replays.start();
        subscription.run();
    }

    /** Lets the batches at hand end, leaves the group and closes everything. */
    @Override
    public void close() {
        try {
            subscription.stop(ORDERLY_STOP);
            replays.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endpoint.close();
        admin.close(Duration.ofSeconds(5));
        connections.close();
    }
}

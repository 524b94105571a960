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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.generation.ConsumerHeartbeat;
import txlookup.apply.generation.Watch;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.StoreStats;
import txlookup.apply.store.sql.StoreRetry;
import txlookup.consumer.health.ConsumerEndpoint;
import txlookup.consumer.health.GenerationWatch;
import txlookup.consumer.health.Probes;
import txlookup.consumer.offsets.BrokerLogs;
import txlookup.consumer.pairing.PairingWorker;
import txlookup.consumer.poll.KafkaClients;
import txlookup.consumer.poll.MemoryBounds;
import txlookup.consumer.poll.Subscription;
import txlookup.consumer.replay.ReplayWorker;
import txlookup.consumer.telemetry.BatchTracing;
import txlookup.consumer.telemetry.StoreHealth;
import txlookup.consumer.worker.PartitionStoreRetry;
import txlookup.consumer.worker.StoreTurns;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.profiles.events.EventProfile;

/** The consumer as a process: what it is made of, started and ended in order. */
public final class ConsumerProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConsumerProcess.class);
    private static final Duration ORDERLY_STOP = Duration.ofSeconds(25);

    private final SubscriptionSettings settings;
    private final EventProfile profile;
    private final HikariDataSource connections;
    private final StoreTurns turns;
    private final StoreHealth availability = new StoreHealth();
    private final MeterRegistry registry;
    private final BatchTracing tracing;
    private final Admin admin;
    private final ConsumerEndpoint endpoint;
    private final GenerationWatch watch;
    private final ReplayWorker replays;
    private final PairingWorker pairing;
    private volatile Probes probes;
    private @Nullable Subscription subscription;
    private boolean ending;

    /** Traces nothing, and exports no metrics beside {@code /metrics}. */
    public ConsumerProcess(
            SubscriptionSettings settings,
            EventProfile profile,
            HikariDataSource connections,
            InetSocketAddress address)
            throws IOException {
        this(settings, profile, connections, address, Watch.usual(), OpenTelemetry.noop(), Optional.empty());
    }

    /**
     * Connects everything; nothing is read yet.
     *
     * @param connections the store; closed with this process
     * @param address where {@code /health}, {@code /ready} and {@code /metrics} answer
     * @param judge looks at what is on trial; used by one thread of this process
     * @param telemetry takes the traces; {@link OpenTelemetry#noop} for none
     * @param exported takes what {@code /metrics} shows as well
     * @throws IllegalStateException when the broker does not speak with this version of the Kafka client
     */
    public ConsumerProcess(
            SubscriptionSettings settings,
            EventProfile profile,
            HikariDataSource connections,
            InetSocketAddress address,
            Watch judge,
            OpenTelemetry telemetry,
            Optional<MeterRegistry> exported)
            throws IOException {
        this.settings = settings;
        this.profile = profile;
        this.connections = connections;
        turns = new StoreTurns(connections.getMaximumPoolSize());
        // Beside batches, an order about dead letters and the list of open payments there is one for the heartbeat,
        // which
        // must not wait for them: a lease is shorter than a statement may take.
        connections.setMaximumPoolSize(turns.atOnce() + 3);
        PrometheusMeterRegistry shown = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry = exported.<MeterRegistry>map(
                        more -> new CompositeMeterRegistry().add(shown).add(more))
                .orElse(shown);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        KafkaClients.requireHandshake(settings);
        admin = KafkaClients.admin(settings);
        tracing = new BatchTracing(telemetry, settings.group());
        replays = new ReplayWorker(settings, profile, connections);
        pairing = new PairingWorker(connections);
        endpoint = new ConsumerEndpoint(address, shown, () -> probes);
        watch = new GenerationWatch(
                settings.generation(),
                new ConsumerHeartbeat(connections, endpoint.address(), settings.generation(), build()),
                judge,
                availability,
                this::end);
        probes = watch;
        endpoint.start();
    }

    private static String build() {
        String version = ConsumerProcess.class.getPackage().getImplementationVersion();
        return version == null ? "source tree" : version;
    }

    /**
     * Waits until the generation takes events, and applies them until {@link #close}, until it takes none any more, or
     * until a failure, which is thrown.
     *
     * @throws IllegalStateException when the generation is unknown, or applying failed for a reason that is no record's and
     *     no log's
     */
    public void run() {
        watch.start();
        try {
            if (watch.awaitConsumable()) {
                begin().ifPresent(this::apply);
            }
        } catch (StoreRetry.StoppedWaiting e) {
            log.info("Ended before generation {} was read", settings.generation());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for generation " + settings.generation(), e);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "Generation %d cannot be read: %s".formatted(settings.generation(), e.getMessage()), e);
        }
        watch.requireNoFailure();
    }

    /** Makes the subscription, unless this process ends already. */
    private Optional<Subscription> begin() throws SQLException, InterruptedException {
        int partitions = new PartitionStoreRetry(settings, availability, turns, this::isEnding)
                .until(() -> new StoreStats(connections).partitions());
        synchronized (this) {
            if (ending) {
                return Optional.empty();
            }
            MemoryBounds memory = MemoryBounds.ofThisProcess();
            subscription = new Subscription(
                    settings,
                    profile,
                    new Store(connections, tracing.tracer()),
                    KafkaClients.consumer(settings, memory, partitions),
                    new BrokerLogs(admin),
                    turns,
                    availability,
                    memory,
                    registry,
                    tracing);
            probes = subscription.health();
            return Optional.of(subscription);
        }
    }

    private void apply(Subscription begun) {
        log.info(
                "Generation {} in group {}: topics {}, endpoint on port {}",
                settings.generation(),
                settings.group(),
                settings.topics().keySet(),
                endpoint.port());
        replays.start();
        pairing.start();
        try {
            begun.run();
        } catch (RuntimeException e) {
            // A process that was frozen while its generation was retired wakes in a schema without tables.
            if (!watch.isOver()) {
                throw e;
            }
            log.info(
                    "Generation {} takes no events any more; its consumer ended by: {}",
                    settings.generation(),
                    e.getMessage());
        }
    }

    private synchronized boolean isEnding() {
        return ending;
    }

    private synchronized @Nullable Subscription begun() {
        return subscription;
    }

    /** Lets {@link #run} return after the batches at hand; does not wait. */
    private synchronized void end() {
        ending = true;
        watch.giveUp();
        if (subscription != null) {
            subscription.end();
        }
    }

    /** Lets the batches at hand end, leaves the group and closes everything. */
    @Override
    public void close() {
        end();
        try {
            Subscription begun = begun();
            if (begun != null) {
                begun.stop(ORDERLY_STOP);
            }
            replays.stop();
            pairing.stop();
            watch.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endpoint.close();
        admin.close(Duration.ofSeconds(5));
        connections.close();
    }
}

package txlookup.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import txlookup.apply.store.batch.Store;
import txlookup.consumer.health.ConsumerHealth;
import txlookup.consumer.offsets.BrokerLogs;
import txlookup.consumer.poll.KafkaClients;
import txlookup.consumer.poll.MemoryBounds;
import txlookup.consumer.poll.Subscription;
import txlookup.consumer.telemetry.BatchTracing;
import txlookup.consumer.telemetry.StoreHealth;
import txlookup.consumer.worker.StoreTurns;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.profiles.events.EventProfiles;

/** A subscription that runs in a thread of the test. */
public final class RunningConsumer {
    private final Subscription subscription;
    private final HikariDataSource connections;
    private final Admin admin;
    private final CompletableFuture<Void> running;

    private RunningConsumer(
            Subscription subscription, HikariDataSource connections, Admin admin, CompletableFuture<Void> running) {
        this.subscription = subscription;
        this.connections = connections;
        this.admin = admin;
        this.running = running;
    }

    static RunningConsumer start(ConsumerFixture fixture, SubscriptionSettings settings, int poolSize) {
        MemoryBounds memory = MemoryBounds.ofThisProcess();
        Admin admin = KafkaClients.admin(settings);
        HikariDataSource connections = fixture.pool(poolSize);
        Subscription subscription = new Subscription(
                settings,
                EventProfiles.load("canonical-v1"),
                new Store(connections),
                KafkaClients.consumer(settings, memory, 4),
                new BrokerLogs(admin),
                new StoreTurns(poolSize),
                new StoreHealth(),
                memory,
                fixture.meters,
                new BatchTracing(OpenTelemetry.noop(), ""));
        return new RunningConsumer(
                subscription, connections, admin, CompletableFuture.runAsync(subscription, task -> new Thread(
                                task, "consumer")
                        .start()));
    }

    public ConsumerHealth health() {
        return subscription.health();
    }

    public List<String> notReady() {
        return health().notReady();
    }

    public boolean isRunning() {
        return !running.isDone();
    }

    /** What ended it; waits for that. */
    Throwable failure() throws InterruptedException, TimeoutException {
        try {
            running.get(ConsumerFixture.SLOW.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("ended without a failure");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    public void stop() {
        try {
            subscription.stop(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping", e);
        }
        admin.close();
        connections.close();
    }
}

package txlookup.api.console;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import txlookup.api.RunningApi;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Entity;
import txlookup.apply.replay.OrderRunner;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.local.testing.TestDatabase;
import txlookup.profiles.events.EventProfiles;

/** Carries out what is ordered in the console, as a consumer of the generation does. */
final class ReplayingConsumer {
    private final HikariDataSource connections;
    private final Thread desk = new Thread(this::work, "replaying-consumer");
    private volatile String eventProfile = "canonical-v1";
    private volatile boolean closing;
    private volatile String failure = "";

    ReplayingConsumer(TestDatabase database, long generation) {
        this.connections = txlookup.apply.store.batch.StoreConnections.generation(
                generation,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                2,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
        desk.setDaemon(true);
        desk.start();
    }

    /** From now on records are read with this event profile. */
    void readWith(Path profile) {
        eventProfile = profile.toString();
    }

    String failure() {
        return failure;
    }

    private void work() {
        DeadLetterRuns runs = new DeadLetterRuns(connections);
        try {
            while (!closing) {
                Optional<DeadLetterRun> waiting = runs.take("consumer-1");
                if (waiting.isPresent()) {
                    runner().carryOut(waiting.get(), done -> {});
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) {
            failure = e.toString();
        }
    }

    private OrderRunner runner() {
        Decoder decoder = new Decoder(
                EventProfiles.load(eventProfile), Duration.ofHours(1), Clock.fixed(RunningApi.NOW, ZoneOffset.UTC));
        return new OrderRunner(
                connections,
                new DeadLetterRuns(connections),
                decoder,
                Map.of("ledger.entry.upserted", Entity.LEDGER_ENTRY, "payment.order.upserted", Entity.PAYMENT_ORDER));
    }

    void stop() throws InterruptedException {
        closing = true;
        desk.interrupt();
        desk.join(5_000);
        connections.close();
    }
}

package txlookup.api.act;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.store.OwnThreads;
import txlookup.apply.generation.Watch;

/**
 * Looks once a second whether what is on trial, or was just switched to, has to be taken back. Consumers look, too: a
 * share ends also where they are away.
 */
@Component
final class ServingWatch implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ServingWatch.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final DataSource connections;
    private final Watch watch;
    private @Nullable Thread looking;

    ServingWatch(@Qualifier("actConnections") DataSource connections, LookupApiSettings settings) {
        this.connections = connections;
        this.watch = new Watch(settings.serving().watch(), settings.serving().candidateTimeout());
    }

    private void lookUntilInterrupted() {
        try {
            while (true) {
                Thread.sleep(BETWEEN_LOOKS.toMillis());
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopping
        }
    }

    private void look() {
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            watch.look(connection, "api").ifPresent(why -> LOG.warn("What was switched is taken back: {}", why));
        } catch (SQLException | RuntimeException e) {
            // Thrown, it would end the looking for good. A store that is away is told of by the readiness.
            LOG.debug("What the API processes saw cannot be judged: {}", e.toString());
        }
    }

    @Override
    public synchronized void start() {
        looking = OwnThreads.of("serving-watch", this::lookUntilInterrupted);
        looking.start();
    }

    @Override
    public synchronized void stop() {
        if (looking != null) {
            looking.interrupt();
            looking = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return looking != null;
    }
}

package txlookup.consumer;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import txlookup.consumer.replay.ReplayWorkerIT;

/** A consumer's replays in a JVM of their own, which can be killed as the kernel kills. */
public final class KillableReplays {
    private KillableReplays() {}

    /** Starts one; its output goes to {@code log}. */
    public static Process start(ConsumerFixture fixture, Path log) throws IOException {
        return KillableConsumer.start(KillableReplays.class, fixture, log);
    }

    /**
     * Carries orders out until it is killed.
     *
     * @param coordinates as {@link ConsumerFixture#coordinates} gives them
     */
    public static void main(String[] coordinates) {
        HikariDataSource connections = ConsumerFixture.pool(coordinates[0], coordinates[1], coordinates[2], 4);
        ReplayWorkerIT.desk(ConsumerFixture.settings(coordinates[3], coordinates[4], coordinates[5]), connections)
                .run();
    }
}

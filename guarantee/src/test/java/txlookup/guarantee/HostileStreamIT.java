package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.position.PartitionStops;
import txlookup.apply.store.position.Source;
import txlookup.fuzz.StoredDigests;
import txlookup.fuzz.model.DigestFold;
import txlookup.guarantee.fleet.Fleet;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.stream.HostileStream;
import txlookup.guarantee.witness.ConsumerReadings;
import txlookup.guarantee.witness.Stored;
import txlookup.local.process.ManagedProcess;

/**
 * Mutated records among good ones, through a broker and a consumer process of 256 MiB: it never ends, and rows and dead
 * letters are what a second reading of docs/contract.md makes of the log. The night takes
 * {@code -Dhostile.mutated=3000000 -Dhostile.good=300000}.
 */
@Timeout(value = 90, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileStreamIT {
    private static final int MUTATED = Integer.getInteger("hostile.mutated");
    private static final int GOOD = Integer.getInteger("hostile.good");
    private static final long SEED = 18;

    private static final int PARTITIONS = 4;
    private static final int POISONED = 1;
    private static final double SHARE = 0.2;

    private static final String BEHIND = "SELECT coalesce(sum(next_position), 0) FROM coverage WHERE kind = 'STREAM'";

    private static final String STOPPED = "SELECT name || '-' || partition FROM coverage WHERE stopped_at IS NOT NULL";

    private static final String STOPPED_AT = "SELECT next_position FROM coverage WHERE stopped_at IS NOT NULL";

    private Trial trial;
    private HostileStream stream;

    @BeforeEach
    void start() throws Exception {
        trial = new Trial(TrialServers.started());
        trial.raisePartitionsTo(PARTITIONS);
        stream = new HostileStream(trial, SEED);
    }

    @AfterEach
    void end() throws Exception {
        stream.close();
        trial.close();
    }

    @Test
    void noneEndsTheConsumerAndAllEndUpAsTheContractSays() throws Exception {
        long began = System.nanoTime();
        ManagedProcess consumer = trial.fleet.start(Fleet.Size.USUAL);
        ConsumerReadings readings = new ConsumerReadings(trial.fleet, consumer);
        stream.publish(MUTATED, GOOD);
        long published = System.nanoTime();
        awaitApplied(readings, stream.logEnd());
        System.out.printf(
                "%d mutated records among %d: published in %d s, applied in %d s, %s%n",
                MUTATED, MUTATED + GOOD, seconds(began, published), seconds(began, System.nanoTime()), readings);
        assertThat(Stored.all(trial, STOPPED)).isEmpty();
        requireAsTheContractSays();
        trial.fleet.requireAlive();
    }

    @Test
    void aShareOfDeadLettersStopsExactlyThePoisonedPartitionUntilItIsToldToResume() throws Exception {
        ManagedProcess consumer = trial.fleet.start(Fleet.Size.USUAL, SHARE);
        ConsumerReadings readings = new ConsumerReadings(trial.fleet, consumer);
        stream.publish(0, GOOD / 2);
        awaitApplied(readings, stream.logEnd());
        stream.publishPoisoning(POISONED, MUTATED, GOOD / 2);
        TopicPartition poisoned = new TopicPartition(Trial.ledger(trial.name), POISONED);
        Trial.eventually(
                "a partition is stopped", () -> !Stored.all(trial, STOPPED).isEmpty());
        long stoppedAt = Stored.number(trial, STOPPED_AT);
        long behindIt = stream.logEnd(poisoned) - stoppedAt;
        awaitApplied(readings, stream.logEnd() - behindIt);
        assertThat(readings.stopped()).containsExactly(poisoned.toString());
        assertThat(Stored.all(trial, STOPPED)).isEqualToIgnoringNewLines(poisoned.toString());
        assertThat(Stored.number(trial, STOPPED_AT)).isEqualTo(stoppedAt);

        resume();
        stream.publish(0, GOOD / 10);
        awaitApplied(readings, stream.logEnd());
        System.out.printf("%s was stopped at %d with %d records behind, %s%n", poisoned, stoppedAt, behindIt, readings);
        assertThat(readings.stopped()).isEmpty();
        requireAsTheContractSays();
        trial.fleet.requireAlive();
    }

    private static long seconds(long from, long to) {
        return TimeUnit.NANOSECONDS.toSeconds(to - from);
    }

    /** A consumer that ended, or stands still for a minute, fails the test. */
    private void awaitApplied(ConsumerReadings readings, long records) throws Exception {
        long applied = Stored.number(trial, BEHIND);
        while (applied < records) {
            long before = applied;
            Trial.eventually("more than %d of %d records applied".formatted(before, records), () -> {
                trial.fleet.requireAlive();
                return Stored.number(trial, BEHIND) > before;
            });
            readings.take();
            Thread.sleep(200);
            applied = Stored.number(trial, BEHIND);
        }
        assertThat(applied).isEqualTo(records);
    }

    /** As {@code txlookup consume --resume} does it. */
    private void resume() throws Exception {
        Source source = new Source(Source.Kind.STREAM, Trial.ledger(trial.name), POISONED);
        try (HikariDataSource connections = StoreConnections.generation(
                trial.generation,
                trial.servers.postgres.jdbcUrl(trial.name),
                "postgres",
                trial.servers.password(),
                1,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20))) {
            assertThat(new PartitionStops(connections).orderResume(source, "kim", "the producer is mended"))
                    .isPresent();
        }
    }

    private void requireAsTheContractSays() throws Exception {
        DigestFold wanted = stream.fold();
        System.out.println("of the log: " + wanted.counts());
        try (Connection connection = trial.servers.connect(trial.name)) {
            new StoredDigests(connection, stream.topics(), stream::read).compare(wanted);
        }
        assertThat(Stored.badDetails(trial)).as("details for no log").isEmpty();
    }
}

package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.witness.History;
import txlookup.guarantee.witness.Oracle;
import txlookup.guarantee.witness.Stored;
import txlookup.local.kafka.SecondBroker;
import txlookup.local.process.ManagedProcess;

/** One of two brokers stands still: its partition's copy may be behind, and says so; the other's goes on and is fresh. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("nightly")
class TwoBrokersIT {
    private static final int ANSWERING = 0;
    private static final int FROZEN = 1;

    /** By then an answer from before the freeze no longer counts. */
    private static final long SETTLING_MILLIS = 4000;

    private final Random random = new Random(18);
    private SecondBroker second;
    private Trial trial;

    @BeforeEach
    void start() throws Exception {
        TrialServers servers = TrialServers.started();
        groupsStayAtTheFirst(servers);
        second = SecondBroker.start(servers.kafkaSettings(), servers.folder.resolve("second-broker"));
        trial = new Trial(servers, Map.of(ANSWERING, 1, FROZEN, SecondBroker.NODE));
    }

    /** The topic of the groups is made when one is first asked for, by whichever brokers there are. */
    private static void groupsStayAtTheFirst(TrialServers servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.kafka.bootstrapServers()))) {
            admin.listConsumerGroupOffsets("any").all().get();
        }
    }

    @AfterEach
    void end() throws Exception {
        second.thaw();
        trial.close();
        second.close();
    }

    private void publish(int partition, int count) throws Exception {
        List<TrialEvent> events = History.newIds("tx-", count, random).stream()
                .map(id -> History.entry(id, partition, 1, Instant.EPOCH))
                .toList();
        trial.publish(events);
    }

    private Instant caughtUpAt(int partition) throws Exception {
        String at = Stored.all(
                trial,
                "SELECT to_char(caught_up_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM coverage WHERE name = '%s' AND partition = %d"
                        .formatted(Trial.ledger(trial.name), partition));
        return at.strip().equals("null") ? Instant.MIN : Instant.parse(at.strip());
    }

    private void awaitFreshness(int partition, Instant after) throws Exception {
        Trial.eventually("partition %d caught up after %s".formatted(partition, after), () -> {
            trial.fleet.requireAlive();
            return caughtUpAt(partition).isAfter(after);
        });
    }

    @Test
    void onlyThePartitionOfTheFrozenOneIsNoLongerFreshAndNothingIsLost() throws Exception {
        ManagedProcess consumer = trial.fleet.start();
        publish(ANSWERING, 50);
        publish(FROZEN, 50);
        trial.awaitConsumed(100);
        awaitFreshness(ANSWERING, Instant.EPOCH);
        awaitFreshness(FROZEN, Instant.EPOCH);

        second.freeze();
        publish(ANSWERING, 50);
        Thread.sleep(SETTLING_MILLIS);
        Instant before = caughtUpAt(FROZEN);
        Instant meanwhile = Instant.now();
        awaitFreshness(ANSWERING, meanwhile.plusSeconds(3));
        assertThat(caughtUpAt(FROZEN)).as("the frozen broker's partition").isEqualTo(before);
        publish(ANSWERING, 50);
        trial.awaitConsumed(200);

        Instant thawed = Instant.now();
        second.thaw();
        publish(FROZEN, 50);
        trial.awaitConsumed(250);
        awaitFreshness(FROZEN, thawed);
        assertThat(consumer.isRunning()).isTrue();
        assertThat(Stored.ledgerEntries(trial).keySet()).isEqualTo(new Oracle(trial.log()).ledgerEntries.keySet());
    }
}

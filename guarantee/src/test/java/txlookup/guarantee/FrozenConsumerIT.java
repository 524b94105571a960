package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.witness.History;
import txlookup.guarantee.witness.Oracle;
import txlookup.guarantee.witness.Stored;
import txlookup.local.process.ManagedProcess;

/**
 * A process that stands still beyond its session, as in a long pause of its machine, wakes up with batches in its hands
 * while a successor has moved on.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("nightly")
class FrozenConsumerIT {
    private static final String EVERYTHING = """
            SELECT string_agg(e::text, E'\\n' ORDER BY tx_id) FROM ledger_entry AS e
            UNION ALL SELECT string_agg(o::text, E'\\n' ORDER BY order_id) FROM payment_order AS o
            UNION ALL SELECT string_agg(d::text, E'\\n' ORDER BY source_id, position) FROM dead_letter AS d""";

    private static final String POSITIONS =
            "SELECT string_agg(format('%s %s %s', source_id, next_position, consumed), ', ' ORDER BY source_id) FROM coverage";

    @Test
    void writesNothingWhenItWakesUpAndGoesOnAsAMemberLikeAnyOther() throws Exception {
        List<TrialEvent> events = new History(1).events();
        List<TrialEvent> first = events.subList(0, 300);
        List<TrialEvent> meanwhile = events.subList(300, 1200);
        List<TrialEvent> afterwards = events.subList(1200, events.size());
        try (Trial trial = new Trial(TrialServers.started())) {
            ManagedProcess frozen = trial.fleet.start();
            trial.publish(first);
            trial.awaitConsumed(first.size());

            // The store does not answer, so its batches are under way and its inboxes fill; then it stands still.
            trial.servers.postgresProxy.stall();
            trial.publish(meanwhile);
            Thread.sleep(500);
            frozen.freeze();
            trial.servers.heal();
            ManagedProcess successor = trial.fleet.start();
            trial.awaitConsumed(first.size() + meanwhile.size());
            assertThat(successor.isRunning()).isTrue();
            String everything = Stored.all(trial, EVERYTHING);
            String positions = Stored.all(trial, POSITIONS);

            frozen.thaw();
            Trial.eventually(
                    "the frozen one says that it is fenced",
                    () -> trial.fleet.log(frozen).contains("is no longer the owner; its batch was rolled back"));
            Trial.eventually("the frozen one has partitions again", () -> {
                trial.fleet.requireAlive();
                return trial.fleet.log(frozen).split("reading on at offset", -1).length > 5;
            });
            assertThat(Stored.all(trial, EVERYTHING)).isEqualTo(everything);
            assertThat(Stored.all(trial, POSITIONS)).isEqualTo(positions);

            trial.publish(afterwards);
            trial.awaitConsumed(events.size());
            Oracle oracle = new Oracle(trial.log());
            assertColumns(Stored.ledgerEntries(trial), oracle.ledgerEntries);
            assertColumns(Stored.paymentOrders(trial), oracle.paymentOrders);
        }
    }

    private static void assertColumns(Map<String, List<String>> stored, Map<String, Oracle.Row> wanted) {
        assertThat(stored.keySet()).isEqualTo(wanted.keySet());
        stored.forEach((key, row) -> assertThat(row.subList(0, row.size() - 1))
                .as(key)
                .isEqualTo(wanted.get(key).columns()));
    }
}

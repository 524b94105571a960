package txlookup.guarantee.witness;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import txlookup.guarantee.Trial;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.local.process.ManagedProcess;

/** Orders of replays as the console makes them, and the consumers that take them. */
public final class Replays {
    // Each process that dies keeps its order for a lease of 15 s, and a desk that met a store away looks again after 30
    // s.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    // So slow that it still runs when the other consumer looks, which it does each second.
    private static final String ORDER = """
            INSERT INTO dead_letter_run (action, actor, per_second, only_source)
            VALUES ('REPLAY', 'kim', 50, '%s')""";

    private static final String RUNNERS = "SELECT runner FROM dead_letter_run WHERE ended_at IS NULL";

    private static final String EARLY = """
            {"tx_id":"%s","wallet_id":"w","type":"FEE","amount":1,"created_at":"2026-02-05T01:00:00Z","updated_at":"%s"}""";

    private static final String UNDONE = """
            SELECT format('run %s of %s', run_id, coalesce(runner, 'nobody')) FROM dead_letter_run WHERE ended_at IS NULL
            UNION ALL
            SELECT format('run %s failed: %s', run_id, failure) FROM dead_letter_run WHERE failure IS NOT NULL
            UNION ALL
            SELECT format('run %s worked through %s dead letters, and tells of %s', run_id, selected, told)
            FROM dead_letter_run, LATERAL (SELECT resolved + superseded + refused + discarded AS told) AS those
            WHERE selected <> told
            UNION ALL
            SELECT format('dead letter %s is still REPLAYING', dead_letter_id) FROM dead_letter WHERE state = 'REPLAYING'""";

    private final Trial trial;

    public Replays(Trial trial) {
        this.trial = trial;
    }

    /** Dead letters of both topics: some are bad for ever, some were only ahead of their time, which has come. */
    public void giveSomeToReplay(Random random) throws Exception {
        Instant due = Instant.now().plusSeconds(4);
        String name = "replay-" + random.nextInt(1_000_000) + "-";
        List<TrialEvent> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            boolean early = random.nextBoolean();
            String value = early ? EARLY.formatted(name + i, due.plus(Duration.ofHours(1))) : "not JSON";
            events.add(new TrialEvent(
                    early || random.nextBoolean(),
                    random.nextInt(Trial.PARTITIONS),
                    -1,
                    Instant.EPOCH,
                    bytes(name + i),
                    bytes(value)));
        }
        trial.publish(events);
        Trial.eventually(
                "dead letters to replay", () -> Instant.now().isAfter(due) && Stored.met(trial, name) == events.size());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public void order(String topic) throws SQLException {
        Stored.execute(trial, ORDER.formatted(topic));
    }

    /** A consumer that has taken an order and not carried it out; empty when none did for a while. */
    public Optional<ManagedProcess> awaitRunner() throws SQLException, InterruptedException {
        for (int waited = 0; waited < 3000; waited += 20) {
            String runners = Stored.all(trial, RUNNERS);
            Optional<ManagedProcess> taken =
                    trial.fleet.find(process -> runners.contains("process " + process.pid() + "\n"));
            if (taken.isPresent()) {
                return taken;
            }
            Thread.sleep(20);
        }
        return Optional.empty();
    }

    /** The consumers that live carry all orders out. */
    public void awaitEnd() throws Exception {
        Trial.eventually("the end of every replay", PATIENCE, () -> Stored.all(trial, RUNNERS)
                .isEmpty());
    }

    /** What somebody would have to do by hand. */
    public static String undone(Trial trial) throws SQLException {
        return Stored.all(trial, UNDONE);
    }
}

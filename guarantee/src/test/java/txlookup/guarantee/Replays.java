package txlookup.guarantee;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import txlookup.local.ManagedProcess;

/** Orders of replays as the console makes them, and the consumers that take them. */
final class Replays {
    private static final String ORDER = """
            WITH ordered AS (
                INSERT INTO bo.dead_letter_run (generation, action, actor, only_source)
                VALUES (%1$d, 'REPLAY', 'kim', '%2$s') RETURNING run_id),
            chosen AS (
                UPDATE bo.dead_letter SET state = 'REPLAYING', run_id = (SELECT run_id FROM ordered)
                FROM bo.coverage WHERE coverage.source_id = dead_letter.source_id AND name = '%2$s' AND state = 'OPEN'
                RETURNING 1)
            SELECT run_id, (SELECT count(*) FROM chosen) FROM ordered""";

    private static final String RUNNERS = "SELECT runner FROM bo.dead_letter_run WHERE ended_at IS NULL";

    private static final String UNDONE = """
            SELECT format('run %s of %s', run_id, coalesce(runner, 'nobody')) FROM bo.dead_letter_run WHERE ended_at IS NULL
            UNION ALL
            SELECT format('dead letter %s is still REPLAYING', dead_letter_id) FROM bo.dead_letter WHERE state = 'REPLAYING'""";

    private final Trial trial;

    Replays(Trial trial) {
        this.trial = trial;
    }

    /** Dead letters of both topics, many enough that a replay takes its time. */
    void giveSomeToReplay(Random random) throws Exception {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] value = ("not JSON " + i).getBytes(StandardCharsets.UTF_8);
            events.add(
                    new Event(random.nextBoolean(), random.nextInt(Trial.PARTITIONS), -1, Instant.EPOCH, null, value));
        }
        trial.publish(events);
        Trial.eventually(
                "dead letters to replay", () -> Stored.deadLetters(trial).size() >= events.size());
    }

    void order(String topic) throws SQLException {
        Stored.all(trial, ORDER.formatted(trial.generation, topic));
    }

    /** A consumer that has taken an order and not carried it out; empty when none did for a while. */
    Optional<ManagedProcess> awaitRunner() throws SQLException, InterruptedException {
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

    /** An order is carried out by whoever is there, in whatever order. */
    void awaitEnd() throws Exception {
        Trial.eventually("the end of every replay", () -> undone(trial).isEmpty());
    }

    /** What somebody would have to do by hand. */
    static String undone(Trial trial) throws SQLException {
        return Stored.all(trial, UNDONE);
    }
}

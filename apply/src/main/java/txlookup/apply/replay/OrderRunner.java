package txlookup.apply.replay;

import java.sql.SQLException;
import java.util.Map;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Entity;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRun.Action;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.apply.store.deadletter.Discards;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.sql.SqlErrors;

/**
 * Carries out orders about dead letters that this process took. A process that is killed loses nothing: another one takes
 * the order when its lease is over, and resumes it.
 */
public final class OrderRunner {
    private final DeadLetterRuns runs;
    private final Replay replay;
    private final Discards discards;

    /**
     * @param connections the store
     * @param topics what each topic of the event profile holds
     */
    public OrderRunner(DataSource connections, DeadLetterRuns runs, Decoder decoder, Map<String, Entity> topics) {
        this.runs = runs;
        this.replay = new Replay(connections, runs, decoder, topics);
        this.discards = new Discards(connections);
    }

    /**
     * What a run came to.
     *
     * @param run with its counts
     * @param refusals why dead letters are refused still, with how many
     */
    public record Outcome(DeadLetterRun run, Map<String, Integer> refusals) {}

    /**
     * Does what the run is not done with, and ends it.
     *
     * @param run as this process took it
     * @param progress told after each piece how many are done
     * @throws FencedException when another process took the run; that one ends it
     * @throws SQLException when the store failed: after a transient failure the run waits for the next process that looks,
     *     after any other it has ended with its reason
     */
    public Outcome carryOut(DeadLetterRun run, LongConsumer progress) throws SQLException, InterruptedException {
        try (RunLease lease = new RunLease(runs, run)) {
            lease.keep();
            Map<String, Integer> refusals =
                    run.order().action() == Action.REPLAY ? replay.carryOut(run, progress) : discard(run, progress);
            return new Outcome(runs.end(run), refusals);
        } catch (FencedException | InterruptedException e) {
            release(run, e);
            throw e;
        } catch (SQLException e) {
            if (SqlErrors.isTransient(e)) {
                release(run, e);
            } else {
                fail(run, e, "SQLSTATE %s: %s".formatted(e.getSQLState(), e.getMessage()));
            }
            throw e;
        } catch (RuntimeException | Error e) {
            fail(run, e, e.toString());
            throw e;
        }
    }

    private Map<String, Integer> discard(DeadLetterRun run, LongConsumer progress) throws SQLException {
        long done = 0;
        for (Numbers numbers = Numbers.after(run.doneTo(), run.upTo());
                !numbers.isEmpty();
                numbers = Numbers.after(numbers.upTo(), run.upTo())) {
            done += discards.discard(run, numbers.after(), numbers.upTo()).discarded();
            progress.accept(done);
        }
        return Map.of();
    }

    private void release(DeadLetterRun run, Throwable cause) {
        try {
            runs.release(run);
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e); // the lease ends by itself
        }
    }

    private void fail(DeadLetterRun run, Throwable cause, String why) {
        try {
            runs.fail(run, why);
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e); // the lease ends by itself, and the next process meets the same failure
        }
    }
}

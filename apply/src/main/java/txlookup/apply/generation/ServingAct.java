package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;
import txlookup.apply.generation.process.ProcessTable;

/**
 * Carries out an act that changes {@code bo.serving}: it begins under that row's lock, changes the row in one transaction,
 * and ends once every process has confirmed the change. Killed anywhere, the same act is continued by the next call.
 */
final class ServingAct {
    private static final Duration CONFIRMED_WITHIN = ProcessTable.LEASE.plusSeconds(1);
    private static final Change OVERTAKEN = new Change(-1, "overtaken");

    private final Connection connection;
    private final Await await;
    private final Consumer<String> progress;

    ServingAct(Connection connection, Await await, Consumer<String> progress) {
        this.connection = connection;
        this.await = await;
        this.progress = progress;
    }

    /**
     * What an act made of the row.
     *
     * @param epoch of the row by then
     * @param detail for people
     */
    record Change(long epoch, String detail) {}

    interface Work {
        Change run() throws SQLException, InterruptedException;
    }

    interface Flip {
        /** Changes the row, which is locked, and returns its epoch. */
        long apply(Serving locked) throws SQLException;
    }

    /** The act that was ordered: a new one, or the same that is under way. */
    Act begin(Kind kind, long target, Act.Order order, Act.Bounds bounds) throws SQLException {
        Serving.lock(connection);
        try {
            Act act = ActTable.begin(connection, kind, target, order, bounds);
            connection.commit();
            return act;
        } catch (RefusedActException e) {
            connection.rollback();
            throw e;
        }
    }

    /**
     * Does the work, has it confirmed, and ends the act.
     *
     * @throws RefusedActException when the work is refused; the act has ended with that
     */
    Act carryOut(Act act, Work work) throws SQLException, InterruptedException {
        if (act.outcome() != null) {
            return again(act);
        }
        try {
            // What a killed call had changed already is only to be confirmed.
            Long made = act.epochAfter();
            Change change = made == null ? unlessOvertaken(work) : new Change(made, "completed after an interruption");
            awaitConfirmation(change.epoch());
            return end(act, change.epoch(), Outcome.DONE, change.detail());
        } catch (RefusedActException e) {
            connection.rollback();
            end(act, null, Outcome.REFUSED, e.getMessage());
            throw e;
        }
    }

    /** What an order came to that is given once more. */
    static Act again(Act act) {
        if (act.outcome() == Outcome.REFUSED) {
            throw new RefusedActException(String.valueOf(act.detail()));
        }
        return act;
    }

    /** Changes the row in one transaction, unless it is not what was seen before. */
    Change flip(Act act, Serving seen, Flip flip, String detail) throws SQLException {
        Serving locked = Serving.lock(connection);
        if (locked.epoch() != seen.epoch()) {
            connection.rollback();
            return OVERTAKEN;
        }
        long epoch = flip.apply(locked);
        ActTable.changed(connection, act, epoch);
        connection.commit();
        return new Change(epoch, detail);
    }

    /** Another act that came between is looked at before this one is done, or refused, by what it left. */
    private static Change unlessOvertaken(Work work) throws SQLException, InterruptedException {
        Change change = work.run();
        while (change.equals(OVERTAKEN)) {
            change = work.run();
        }
        return change;
    }

    private void awaitConfirmation(long epoch) throws SQLException, InterruptedException {
        String missing = await.nothingMissing(
                CONFIRMED_WITHIN,
                () -> ProcessTable.notAcknowledged(connection, epoch),
                "waiting until every API process confirms");
        if (missing != null) {
            // It asks before it answers, once its lease is over: so it is right whenever it goes on.
            progress.accept("not confirmed within a lease: " + missing);
        }
    }

    private Act end(Act act, @Nullable Long epoch, Outcome outcome, String detail) throws SQLException {
        ActTable.end(connection, act, outcome, detail);
        connection.commit();
        return act.ended(epoch, outcome, detail);
    }
}

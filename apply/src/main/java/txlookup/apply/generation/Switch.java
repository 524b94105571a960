package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;
import txlookup.profiles.ServingSettings;

/**
 * Lets another generation answer, wholly or for a share of the lookups, or takes that back (docs/architecture.md, acts
 * 4 and 5): every API process is prepared, the generation is level with what answers, the row of {@code bo.serving}
 * changes in one transaction, and every process confirms it. Killed at any moment, exactly what answered before or what
 * was ordered answers, and the same call completes the act.
 */
public final class Switch {
    private static final String STATE = "SELECT state FROM bo.generation WHERE generation = ?";

    private static final Duration PREPARED_WITHIN = Duration.ofSeconds(5);
    private static final Duration LEVEL_WITHIN = Duration.ofSeconds(2);
    private static final Duration FALLING_LAG = Duration.ofSeconds(60);
    private static final Duration CONFIRMED_WITHIN = ProcessTable.LEASE.plusSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Connection connection;
    private final ServingSettings settings;
    private final Consumer<String> progress;

    /**
     * @param connection of the store, of no generation; the caller closes it. No pool: an act has to be quick from its start
     * @param progress gets a line when an act waits for something
     */
    public Switch(Connection connection, ServingSettings settings, Consumer<String> progress) throws SQLException {
        this.connection = connection;
        this.settings = settings;
        this.progress = progress;
        connection.setAutoCommit(false);
    }

    /**
     * Switches to a generation.
     *
     * @param share per cent of the lookups, 1 to 99 for a trial and 100 for all of them
     * @param despite the hash of the evidence of a comparison whose differences are accepted; null to accept none
     * @return the act, done
     * @throws RefusedActException when it may not be done now; nothing was changed
     */
    public Act switchTo(long target, int share, Act.Order order, @Nullable String despite)
            throws SQLException, InterruptedException {
        if (share < 1 || share > 100) {
            throw new IllegalArgumentException("a share of %d %%; 1 to 100 is possible".formatted(share));
        }
        boolean whole = share == 100;
        Act act = begin(whole ? Kind.SWITCH : Kind.SHARE, target, order, new Act.Bounds(share, despite, null));
        return carryOut(act, () -> {
            Serving now = read();
            if (now.generation() != null && now.generation() == target) {
                return new Change(now.epoch(), "generation %d serves already".formatted(target));
            }
            if (now.candidate() != null && now.candidate() == target && now.share() == share) {
                return new Change(now.epoch(), "generation %d answers %d %% already".formatted(target, share));
            }
            requireReady(target);
            requireNothingUnfinished(target);
            if (now.generation() == null && !whole) {
                throw new RefusedActException("nothing serves, so there is nothing to share with; switch to it wholly");
            }
            if (now.generation() != null) {
                Compared.require(connection, target, now.generation(), settings.compareAge(), despite);
            }
            awaitPrepared(target);
            if (now.generation() != null) {
                awaitLevel(target, now.generation(), LEVEL_WITHIN, "the candidate");
            }
            return flip(
                    act,
                    now,
                    locked -> {
                        requireReady(target);
                        requireNoThird(locked, target);
                        return whole
                                ? ServingRow.switchTo(connection, locked, target)
                                : ServingRow.share(connection, locked, target, share);
                    },
                    "%d %% of the lookups are answered by generation %d".formatted(share, target));
        });
    }

    /**
     * Takes a switch back: the way back answers again, or what serves answers what was on trial.
     *
     * @param acceptLag whether the way back may answer although it lacks records
     * @return the act, done
     * @throws RefusedActException when there is no way back, or it lacks records; nothing was changed
     */
    public Act rollBack(Act.Order order, boolean acceptLag) throws SQLException, InterruptedException {
        Optional<Act> given = ActTable.withKey(connection, order.key());
        if (given.isPresent() && given.get().outcome() != null) {
            connection.rollback();
            return again(given.get());
        }
        Optional<Act> interrupted = ActTable.interrupted(connection, Kind.ROLLBACK);
        if (interrupted.isPresent()) {
            return carryOut(interrupted.get(), Switch::unchanged);
        }
        Serving before = read();
        if (before.candidate() != null) {
            return takeShareBack(before.candidate(), order);
        }
        long target = requireWayBack(before);
        Act act = begin(Kind.ROLLBACK, target, order, Act.Bounds.NONE);
        return carryOut(act, () -> {
            Serving now = read();
            if (now.generation() != null && now.generation() == target) {
                return new Change(now.epoch(), "generation %d serves already".formatted(target));
            }
            requireReady(target);
            requireNothingUnfinished(target);
            awaitPrepared(target);
            if (now.generation() != null && !acceptLag) {
                awaitLevel(target, now.generation(), FALLING_LAG, "the way back");
            }
            return flip(
                    act,
                    now,
                    locked -> ServingRow.rollBack(connection, locked),
                    "all lookups are answered by generation %d again".formatted(target));
        });
    }

    /** Why the generation may not be switched to now; empty when it may. Waits for nothing. */
    public Optional<String> whyNot(long target) throws SQLException {
        return refusal(() -> {
            Serving now = Serving.read(connection);
            if (now.generation() != null && now.generation() == target) {
                throw new RefusedActException("it serves");
            }
            requireReady(target);
            requireNoThird(now, target);
            requireNothingUnfinished(target);
            if (now.generation() != null) {
                Compared.require(connection, target, now.generation(), settings.compareAge(), null);
            }
            String missing = ProcessTable.notPrepared(connection, target);
            if (missing != null) {
                throw new RefusedActException("not prepared for it: " + missing);
            }
        });
    }

    /** Why the last switch, or the share on trial, cannot be taken back now; empty when it can. */
    public Optional<String> whyNotBack() throws SQLException {
        return refusal(() -> {
            Serving now = Serving.read(connection);
            if (now.candidate() == null) {
                long target = requireWayBack(now);
                requireReady(target);
                requireNothingUnfinished(target);
            }
        });
    }

    private interface Check {
        void run() throws SQLException;
    }

    private Optional<String> refusal(Check check) throws SQLException {
        try {
            check.run();
            return Optional.empty();
        } catch (RefusedActException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            connection.rollback();
        }
    }

    private static long requireWayBack(Serving now) {
        if (now.wayBack() == null) {
            throw new RefusedActException(
                    now.generation() == null
                            ? "nothing serves, so there is no way back"
                            : "generation %d serves and has no way back: none was kept".formatted(now.generation()));
        }
        return now.wayBack();
    }

    private Act takeShareBack(long candidate, Act.Order order) throws SQLException, InterruptedException {
        Act act = begin(Kind.TAKE_BACK, candidate, order, Act.Bounds.NONE);
        return carryOut(act, () -> {
            Serving now = read();
            String detail = "no lookup is answered by generation %d any more".formatted(candidate);
            return now.candidate() == null || now.candidate() != candidate
                    ? new Change(now.epoch(), detail)
                    : flip(act, now, locked -> ServingRow.takeShareBack(connection, locked), detail);
        });
    }

    private static final Change OVERTAKEN = new Change(-1, "overtaken");

    private record Change(long epoch, String detail) {}

    private interface Work {
        Change run() throws SQLException, InterruptedException;
    }

    private interface Flip {
        long apply(Serving locked) throws SQLException;
    }

    private Act begin(Kind kind, long target, Act.Order order, Act.Bounds bounds) throws SQLException {
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

    private Act carryOut(Act act, Work work) throws SQLException, InterruptedException {
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
    private static Act again(Act act) {
        if (act.outcome() == Outcome.REFUSED) {
            throw new RefusedActException(String.valueOf(act.detail()));
        }
        return act;
    }

    private static Change unchanged() {
        throw new IllegalStateException("an interrupted act has its epoch");
    }

    /** Another act that came between is looked at before this one is done, or refused, by what it left. */
    private Change unlessOvertaken(Work work) throws SQLException, InterruptedException {
        Change change = work.run();
        while (change.equals(OVERTAKEN)) {
            change = work.run();
        }
        return change;
    }

    private Act end(Act act, @Nullable Long epoch, Outcome outcome, String detail) throws SQLException {
        ActTable.end(connection, act, outcome, detail);
        connection.commit();
        return act.ended(epoch, outcome, detail);
    }

    private Change flip(Act act, Serving seen, Flip flip, String detail) throws SQLException {
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

    private void requireReady(long target) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATE)) {
            statement.setLong(1, target);
            try (ResultSet row = statement.executeQuery()) {
                String state = row.next() ? row.getString(1) : null;
                if (!"READY".equals(state)) {
                    throw new RefusedActException(
                            state == null
                                    ? "there is no generation %d; txlookup generation list shows all".formatted(target)
                                    : "generation %d is %s; it can serve once it is READY".formatted(target, state));
                }
            }
        }
    }

    private static void requireNoThird(Serving now, long target) {
        for (Long other : new Long[] {now.wayBack(), now.candidate()}) {
            if (other != null && other != target) {
                throw new RefusedActException(
                        "generation %d is in the way, as %s; retire it first: txlookup generation retire %1$d"
                                .formatted(other, other.equals(now.wayBack()) ? "the way back" : "the one on trial"));
            }
        }
    }

    private void requireNothingUnfinished(long target) throws SQLException {
        String unfinished = ActTable.unfinished(connection, target);
        if (unfinished != null) {
            throw new RefusedActException(
                    "generation %d has orders that are not done: %s; let them end first".formatted(target, unfinished));
        }
    }

    private void awaitPrepared(long target) throws SQLException, InterruptedException {
        String missing = await(
                PREPARED_WITHIN,
                () -> ProcessTable.notPrepared(connection, target),
                "waiting until every API process is prepared");
        if (missing != null) {
            throw new RefusedActException(
                    "not prepared for generation %d after %d s: %s; look at the log of that process"
                            .formatted(target, PREPARED_WITHIN.toSeconds(), missing));
        }
    }

    /** Nobody is to read an older answer than before: what answers from now on has what answered until now has. */
    private void awaitLevel(long target, long serving, Duration within, String what)
            throws SQLException, InterruptedException {
        Positions wanted = Positions.of(connection, serving);
        String behind = await(
                within,
                () -> {
                    long records = Positions.of(connection, target).behind(wanted);
                    return records == 0 ? null : "%,d records".formatted(records);
                },
                what + " catches up");
        if (behind != null) {
            throw new RefusedActException(
                    "%s, generation %d, lacks %s of generation %d after %d s; look at its consumer"
                            .formatted(what, target, behind, serving, within.toSeconds()));
        }
    }

    private void awaitConfirmation(long epoch) throws SQLException, InterruptedException {
        String missing = await(
                CONFIRMED_WITHIN,
                () -> ProcessTable.notAcknowledged(connection, epoch),
                "waiting until every API process confirms");
        if (missing != null) {
            // It asks before it answers, once its lease is over: so it is right whenever it goes on.
            progress.accept("not confirmed within a lease: " + missing);
        }
    }

    private interface Question {
        @Nullable
        String ask() throws SQLException;
    }

    /** Asks until the answer is null, and gives the last one. */
    private @Nullable String await(Duration within, Question question, String waiting)
            throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        boolean told = false;
        while (true) {
            String answer = question.ask();
            connection.commit();
            if (answer == null || System.nanoTime() > deadline) {
                return answer;
            }
            if (!told
                    && System.nanoTime()
                            > deadline
                                    - within.toNanos()
                                    + Duration.ofSeconds(1).toNanos()) {
                progress.accept(waiting + ": " + answer);
                told = true;
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    private Serving read() throws SQLException {
        Serving now = Serving.read(connection);
        connection.commit();
        return now;
    }
}

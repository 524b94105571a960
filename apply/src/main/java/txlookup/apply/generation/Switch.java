package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.profiles.settings.ServingSettings;

/**
 * Lets another generation answer, wholly or for a share of the lookups, or takes that back (docs/architecture.md, acts
 * 4 and 5): every API process is prepared, the generation is level with what answers, the row of {@code bo.serving}
 * changes in one transaction, and every process confirms it. Killed at any moment, exactly what answered before or what
 * was ordered answers, and the same call completes the act.
 */
public final class Switch {
    private static final Duration LEVEL_WITHIN = Duration.ofSeconds(2);
    private static final Duration FALLING_LAG = Duration.ofSeconds(60);

    private final Connection connection;
    private final ServingSettings settings;
    private final ReadyToServe ready;
    private final ServingAct acts;

    /**
     * @param connection of the store, of no generation; the caller closes it. No pool: an act has to be quick from its start
     * @param progress gets a line when an act waits for something
     */
    public Switch(Connection connection, ServingSettings settings, Consumer<String> progress) throws SQLException {
        this.connection = connection;
        this.settings = settings;
        Await await = new Await(connection, progress);
        this.ready = new ReadyToServe(connection, await);
        this.acts = new ServingAct(connection, await, progress);
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
        Act act = acts.begin(whole ? Kind.SWITCH : Kind.SHARE, target, order, new Act.Bounds(share, despite, null));
        return acts.carryOut(act, () -> {
            Serving now = read();
            if (now.generation() != null && now.generation() == target) {
                return new ServingAct.Change(now.epoch(), "generation %d serves already".formatted(target));
            }
            if (now.candidate() != null && now.candidate() == target && now.share() == share) {
                return new ServingAct.Change(
                        now.epoch(), "generation %d answers %d %% already".formatted(target, share));
            }
            ready.requireReady(target);
            ready.requireNothingUnfinished(target);
            if (now.generation() == null && !whole) {
                throw new RefusedActException("nothing serves, so there is nothing to share with; switch to it wholly");
            }
            if (now.generation() != null) {
                Compared.require(connection, target, now.generation(), settings.compareAge(), despite);
            }
            ready.awaitPrepared(target);
            if (now.generation() != null) {
                ready.awaitLevel(target, now.generation(), LEVEL_WITHIN, "the candidate");
            }
            return acts.flip(
                    act,
                    now,
                    locked -> {
                        ready.requireReady(target);
                        ReadyToServe.requireNoThird(locked, target);
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
            return ServingAct.again(given.get());
        }
        Optional<Act> interrupted = ActTable.interrupted(connection, Kind.ROLLBACK);
        if (interrupted.isPresent()) {
            return acts.carryOut(interrupted.get(), () -> {
                throw new IllegalStateException("an interrupted act has its epoch");
            });
        }
        Serving before = read();
        if (before.candidate() != null) {
            return takeShareBack(before.candidate(), order);
        }
        long target = ReadyToServe.requireWayBack(before);
        Act act = acts.begin(Kind.ROLLBACK, target, order, Act.Bounds.NONE);
        return acts.carryOut(act, () -> {
            Serving now = read();
            if (now.generation() != null && now.generation() == target) {
                return new ServingAct.Change(now.epoch(), "generation %d serves already".formatted(target));
            }
            ready.requireReady(target);
            ready.requireNothingUnfinished(target);
            ready.awaitPrepared(target);
            if (now.generation() != null && !acceptLag) {
                ready.awaitLevel(target, now.generation(), FALLING_LAG, "the way back");
            }
            return acts.flip(
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
            ready.requireReady(target);
            ReadyToServe.requireNoThird(now, target);
            ready.requireNothingUnfinished(target);
            if (now.generation() != null) {
                Compared.require(connection, target, now.generation(), settings.compareAge(), null);
            }
            ready.requirePrepared(target);
        });
    }

    /** Why the last switch, or the share on trial, cannot be taken back now; empty when it can. */
    public Optional<String> whyNotBack() throws SQLException {
        return refusal(() -> {
            Serving now = Serving.read(connection);
            if (now.candidate() == null) {
                long target = ReadyToServe.requireWayBack(now);
                ready.requireReady(target);
                ready.requireNothingUnfinished(target);
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

    private Act takeShareBack(long candidate, Act.Order order) throws SQLException, InterruptedException {
        Act act = acts.begin(Kind.TAKE_BACK, candidate, order, Act.Bounds.NONE);
        return acts.carryOut(act, () -> {
            Serving now = read();
            String detail = "no lookup is answered by generation %d any more".formatted(candidate);
            return now.candidate() == null || now.candidate() != candidate
                    ? new ServingAct.Change(now.epoch(), detail)
                    : acts.flip(act, now, locked -> ServingRow.takeShareBack(connection, locked), detail);
        });
    }

    private Serving read() throws SQLException {
        Serving now = Serving.read(connection);
        connection.commit();
        return now;
    }
}

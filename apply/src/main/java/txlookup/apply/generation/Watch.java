package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;

/**
 * Looks at the numbers of all API processes while a generation is on trial, or just serves, and takes that back when they
 * are worse than those of what serves, when too many lookups fail, or when it lacks for long what the other has applied.
 * Any process may do so, at any time and more than once: the first one wins. It is not safe for several threads.
 */
public final class Watch {
    /** With fewer lookups than that nothing can be judged, and the share stays. */
    static final long FEWEST_LOOKUPS = 20;

    private static final double WORSE_BY = 0.01;

    /** What one generation has applied, the other has to have applied after that time. */
    private static final Duration LEVEL_WITHIN = Duration.ofSeconds(10);

    private static final String SUM = """
            SELECT coalesce(sum(p.serving_lookups), 0), coalesce(sum(p.serving_errors), 0),
                   coalesce(max(p.serving_p95_ms), 0), coalesce(sum(p.candidate_lookups), 0),
                   coalesce(sum(p.candidate_errors), 0), coalesce(max(p.candidate_p95_ms), 0),
                   coalesce(sum(p.shadow_differences), 0),
                   s.since + make_interval(secs => ?) > clock_timestamp()
            FROM bo.process p CROSS JOIN bo.serving s WHERE p.kind = 'API' AND p.epoch = s.epoch GROUP BY s.since""";

    private final Duration watch;
    private final Duration candidateTimeout;
    private @Nullable Level level;

    /** With the bounds that a profile has where it names none. */
    public static Watch usual() {
        return new Watch(Duration.ofSeconds(60), Duration.ofMillis(200));
    }

    /**
     * @param watch how long after a switch it can be taken back
     * @param candidateTimeout how long a lookup waits for the candidate; a p95 near it is too slow
     */
    public Watch(Duration watch, Duration candidateTimeout) {
        this.watch = watch;
        this.candidateTimeout = candidateTimeout;
    }

    /** What one generation had applied at a moment, and the other is to reach. */
    private record Level(long epoch, Positions wanted, long sinceNanos) {}

    /**
     * What all processes saw since the present epoch began.
     *
     * @param candidateErrors those that answered too late among them
     * @param differencesAccepted whether people knew of differences when they ordered it
     * @param justChanged whether what serves changed no longer ago than {@code watch}
     */
    record Seen(
            long servingLookups,
            long servingErrors,
            double servingP95Millis,
            long candidateLookups,
            long candidateErrors,
            double candidateP95Millis,
            long differences,
            boolean differencesAccepted,
            boolean justChanged) {}

    /**
     * Judges, and takes the trial or the switch back where it has to be.
     *
     * @param connection of the store, with a transaction of its own
     * @param actor the process that looks
     * @return why it was taken back; empty when it was not
     */
    public Optional<String> look(Connection connection, String actor) throws SQLException {
        Serving now = Serving.read(connection);
        boolean onTrial = now.candidate() != null;
        if (!onTrial && (now.wayBack() == null || now.generation() == null)) {
            connection.rollback();
            return Optional.empty();
        }
        Optional<Seen> seen = sum(connection, now);
        Optional<String> why = seen.flatMap(numbers -> onTrial ? judge(numbers) : judgeSwitch(numbers));
        if (why.isEmpty() && (onTrial || seen.map(Seen::justChanged).orElse(false))) {
            why = onTrial
                    ? judgeLevel(connection, now, now.candidate(), now.generation())
                    : judgeLevel(connection, now, now.generation(), now.wayBack());
        }
        if (why.isEmpty()) {
            connection.rollback();
            return why;
        }
        Serving locked = Serving.lock(connection);
        if (locked.epoch() != now.epoch()) {
            connection.rollback();
            return Optional.empty();
        }
        long target = onTrial ? now.candidate() : now.wayBack();
        Act act = ActTable.begin(connection, Kind.TAKE_BACK, target, new Act.Order(actor, why.get()), Act.Bounds.NONE);
        ActTable.changed(
                connection,
                act,
                onTrial ? ServingRow.takeShareBack(connection, locked) : ServingRow.rollBack(connection, locked));
        ActTable.end(connection, act, Outcome.DONE, why.get());
        connection.commit();
        return why;
    }

    Optional<String> judge(Seen seen) {
        if (seen.differences() > 0 && !seen.differencesAccepted()) {
            return Optional.of("%,d answers differ from what serves".formatted(seen.differences()));
        }
        if (seen.candidateLookups() < FEWEST_LOOKUPS) {
            return Optional.empty();
        }
        double candidate = (double) seen.candidateErrors() / seen.candidateLookups();
        double serving = seen.servingLookups() == 0 ? 0 : (double) seen.servingErrors() / seen.servingLookups();
        if (candidate > serving + WORSE_BY) {
            return Optional.of("%.1f %% of %,d lookups failed or came too late; %.1f %% do on what serves"
                    .formatted(100 * candidate, seen.candidateLookups(), 100 * serving));
        }
        double slow = Math.max(2 * seen.servingP95Millis(), candidateTimeout.toMillis() / 2.0);
        return seen.candidateP95Millis() > slow
                ? Optional.of("p95 is %.0f ms; %.0f ms on what serves"
                        .formatted(seen.candidateP95Millis(), seen.servingP95Millis()))
                : Optional.empty();
    }

    /** After a switch of all lookups, while the way back is kept warm. */
    Optional<String> judgeSwitch(Seen seen) {
        if (!seen.justChanged() || seen.servingLookups() < FEWEST_LOOKUPS) {
            return Optional.empty();
        }
        double failed = (double) seen.servingErrors() / seen.servingLookups();
        return failed > WORSE_BY
                ? Optional.of(
                        "%.1f %% of %,d lookups failed since the switch".formatted(100 * failed, seen.servingLookups()))
                : Optional.empty();
    }

    /** Whether what was applied on one side a while ago is applied on the other now. */
    private Optional<String> judgeLevel(Connection connection, Serving now, long judged, @Nullable Long other)
            throws SQLException {
        if (other == null) {
            return Optional.empty();
        }
        Level before = level;
        long behind = before == null ? 0 : Positions.of(connection, judged).behind(before.wanted());
        if (before == null || before.epoch() != now.epoch() || behind == 0) {
            level = new Level(now.epoch(), Positions.of(connection, other), System.nanoTime());
            return Optional.empty();
        }
        return System.nanoTime() - before.sinceNanos() > LEVEL_WITHIN.toNanos()
                ? Optional.of("it lacks %,d records that generation %d had applied %d s ago"
                        .formatted(behind, other, LEVEL_WITHIN.toSeconds()))
                : Optional.empty();
    }

    /** Empty when no living process answers by the present epoch yet. */
    private Optional<Seen> sum(Connection connection, Serving now) throws SQLException {
        boolean accepted = ActTable.acceptedDifferences(connection, now.epoch());
        try (PreparedStatement statement = connection.prepareStatement(SUM)) {
            statement.setDouble(1, watch.toMillis() / 1000.0);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Seen(
                                row.getLong(1),
                                row.getLong(2),
                                row.getDouble(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getDouble(6),
                                row.getLong(7),
                                accepted,
                                row.getBoolean(8)))
                        : Optional.empty();
            }
        }
    }
}

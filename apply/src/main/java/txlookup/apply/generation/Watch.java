package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;
import txlookup.profiles.ServingSettings;

/**
 * Looks at the numbers of all API processes while a generation is on trial, and takes the trial back when they are worse
 * than those of what serves. Any process may do so, at any time and more than once: the first one wins.
 */
public final class Watch {
    /** With fewer lookups than that nothing can be judged, and the share stays. */
    static final long FEWEST_LOOKUPS = 20;

    private static final double WORSE_BY = 0.01;

    private static final String SUM = """
            SELECT coalesce(sum(p.serving_lookups), 0), coalesce(sum(p.serving_errors), 0),
                   coalesce(max(p.serving_p95_ms), 0), coalesce(sum(p.candidate_lookups), 0),
                   coalesce(sum(p.candidate_errors), 0), coalesce(max(p.candidate_p95_ms), 0),
                   coalesce(sum(p.shadow_differences), 0)
            FROM bo.process p CROSS JOIN bo.serving s WHERE p.kind = 'API' AND p.epoch = s.epoch""";

    private final ServingSettings settings;

    public Watch(ServingSettings settings) {
        this.settings = settings;
    }

    /**
     * What all processes saw since the present epoch began.
     *
     * @param candidateErrors those that answered too late among them
     */
    record Seen(
            long servingLookups,
            long servingErrors,
            double servingP95Millis,
            long candidateLookups,
            long candidateErrors,
            double candidateP95Millis,
            long differences) {}

    /**
     * Judges, and takes the trial back where it has to be.
     *
     * @param connection of the store, with a transaction of its own
     * @param actor the process that looks
     * @return why it was taken back; empty when it was not
     */
    public Optional<String> look(Connection connection, String actor) throws SQLException {
        Serving now = Serving.read(connection);
        if (now.candidate() == null) {
            connection.rollback();
            return Optional.empty();
        }
        Optional<String> why = judge(sum(connection));
        if (why.isEmpty()) {
            connection.rollback();
            return why;
        }
        Serving locked = Serving.lock(connection);
        if (locked.epoch() != now.epoch()) {
            connection.rollback();
            return Optional.empty();
        }
        Act act = ActTable.begin(connection, Kind.TAKE_BACK, now.candidate(), new Act.Order(actor, why.get()));
        ActTable.changed(connection, act, ServingRow.takeShareBack(connection, locked));
        ActTable.end(connection, act, Outcome.DONE, why.get());
        connection.commit();
        return why;
    }

    Optional<String> judge(Seen seen) {
        if (seen.differences() > 0) {
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
        double slow = Math.max(
                2 * seen.servingP95Millis(), settings.candidateTimeout().toMillis() / 2.0);
        return seen.candidateP95Millis() > slow
                ? Optional.of("p95 is %.0f ms; %.0f ms on what serves"
                        .formatted(seen.candidateP95Millis(), seen.servingP95Millis()))
                : Optional.empty();
    }

    private static Seen sum(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SUM);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Seen(
                    row.getLong(1),
                    row.getLong(2),
                    row.getDouble(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getDouble(6),
                    row.getLong(7));
        }
    }
}

package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import txlookup.profiles.settings.ServingSettings;

/** Whether a generation may be retired. */
public final class Retirable {
    private static final String STATE =
            "SELECT state, consumer_group FROM bo.generation WHERE generation = ? FOR UPDATE";

    private static final String WITHIN_WINDOW = """
            SELECT to_char(since + make_interval(secs => ?), 'YYYY-MM-DD HH24:MI:SS TZ') FROM bo.serving
            WHERE since + make_interval(secs => ?) > clock_timestamp()""";

    private Retirable() {}

    /**
     * What the registry says of it.
     *
     * @param group its consumer group
     */
    record Registered(String state, String group) {}

    /** Why the generation may not be retired now; empty when it may. */
    public static Optional<String> whyNot(Connection connection, ServingSettings settings, long target, boolean early)
            throws SQLException {
        try {
            require(connection, settings, Serving.read(connection), target, early);
            return Optional.empty();
        } catch (RefusedActException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            connection.rollback();
        }
    }

    /**
     * Its state and group, under a lock of its row.
     *
     * @throws RefusedActException when it serves, is on trial, is a way back within its window, or is retired already
     */
    static Registered require(Connection connection, ServingSettings settings, Serving now, long target, boolean early)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATE)) {
            statement.setLong(1, target);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new RefusedActException(
                            "there is no generation %d; txlookup generation list shows all".formatted(target));
                }
                if (now.generation() != null && now.generation() == target) {
                    throw new RefusedActException("generation %d serves; switch to another first".formatted(target));
                }
                if (now.candidate() != null && now.candidate() == target) {
                    throw new RefusedActException(
                            "generation %d answers %d %% of the lookups; take that back first: txlookup generation rollback"
                                    .formatted(target, now.share()));
                }
                if (now.wayBack() != null && now.wayBack() == target && !early) {
                    requireWindowOver(connection, settings, target);
                }
                String state = row.getString(1);
                if (state.equals("RETIRED")) {
                    throw new RefusedActException("generation %d is retired already".formatted(target));
                }
                return new Registered(state, row.getString(2));
            }
        }
    }

    private static void requireWindowOver(Connection connection, ServingSettings settings, long target)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WITHIN_WINDOW)) {
            statement.setLong(1, settings.rollbackWindow().toSeconds());
            statement.setLong(2, settings.rollbackWindow().toSeconds());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    throw new RefusedActException(
                            "generation %d is the way back until %s; --early --reason TEXT gives it up before"
                                    .formatted(target, row.getString(1)));
                }
            }
        }
    }
}

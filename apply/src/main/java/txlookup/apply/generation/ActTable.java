package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;

/** The rows of {@code bo.act}: there before an act begins, so that one that was killed is seen and continued. */
final class ActTable {
    private static final String COLUMNS =
            "act_id, kind, target, actor, reason, epoch_after, requested_at, ended_at, outcome, detail, parameters ->> 'share',"
                    + " parameters ->> 'accepted', parameters ->> 'early'";

    private static final String BOUNDS =
            "jsonb_strip_nulls(jsonb_build_object('share', ?::integer, 'accepted', ?::text, 'early', ?::boolean))";

    private static final String BEGIN = """
            INSERT INTO bo.act (kind, target, actor, reason, idempotency_key, parameters, epoch_before)
            SELECT ?, ?, ?, ?, ?, %s, epoch FROM bo.serving RETURNING %s""".formatted(BOUNDS, COLUMNS);

    private static final String WITH_KEY = "SELECT %s FROM bo.act WHERE idempotency_key = ?".formatted(COLUMNS);

    private static final String FORGET_KEY = """
            UPDATE bo.act SET idempotency_key = NULL
            WHERE idempotency_key = ? AND requested_at < clock_timestamp() - interval '24 hours'""";

    private static final String GIVE_KEY =
            "UPDATE bo.act SET idempotency_key = ? WHERE act_id = ? AND idempotency_key IS NULL";

    private static final String OPEN = """
            SELECT %s FROM bo.act
            WHERE kind = ? AND target IS NOT DISTINCT FROM ? AND parameters = %s AND ended_at IS NULL
            ORDER BY act_id LIMIT 1""".formatted(COLUMNS, BOUNDS);

    // A killed call left it, and another order came instead of the same one.
    private static final String END_OTHERS = """
            UPDATE bo.act SET ended_at = clock_timestamp(), detail = 'its command ended before it; another order followed',
                outcome = CASE WHEN epoch_after IS NULL THEN 'FAILED' ELSE 'DONE' END
            WHERE ended_at IS NULL AND kind IN ('SWITCH', 'SHARE', 'ROLLBACK', 'TAKE_BACK')""";

    private static final String INTERRUPTED =
            "SELECT %s FROM bo.act WHERE kind = ? AND ended_at IS NULL AND epoch_after IS NOT NULL ORDER BY act_id LIMIT 1"
                    .formatted(COLUMNS);

    private static final String ACCEPTED =
            "SELECT EXISTS (SELECT FROM bo.act WHERE epoch_after = ? AND jsonb_exists(parameters, 'accepted'))";

    private static final String CHANGED = "UPDATE bo.act SET epoch_after = ? WHERE act_id = ?";

    private static final String END = """
            UPDATE bo.act SET ended_at = clock_timestamp(), outcome = ?, detail = ?
            WHERE act_id = ? AND (ended_at IS NULL OR outcome = 'FAILED')""";

    private static final String UNFINISHED = """
            SELECT string_agg(lower(kind) || ' ' || act_id, ', ' ORDER BY act_id) FROM bo.act
            WHERE ended_at IS NULL AND kind IN ('REPLAY', 'DISCARD', 'REPAIR', 'LATE_LOAD')
              AND (target IS NULL OR target = ?)""";

    private static final String FIND = "SELECT %s FROM bo.act WHERE act_id = ?".formatted(COLUMNS);

    private static final String WAITING =
            "SELECT %s FROM bo.act WHERE kind IN ('REBUILD', 'RETIRE') AND ended_at IS NULL ORDER BY act_id"
                    .formatted(COLUMNS);

    private static final String NEWEST = "SELECT %s FROM bo.act ORDER BY act_id DESC LIMIT ?".formatted(COLUMNS);

    private ActTable() {}

    /**
     * The same order that was given before or is under way, or a new act; the caller holds the row of {@code bo.serving}.
     *
     * @throws RefusedActException when its key was another order's
     */
    static Act begin(Connection connection, Kind kind, @Nullable Long target, Act.Order order, Act.Bounds bounds)
            throws SQLException {
        Optional<Act> given = withKey(connection, order.key());
        if (given.isPresent()) {
            requireSame(given.get(), kind, target, bounds, order);
            return given.get();
        }
        Optional<Act> open = open(connection, kind, target, bounds);
        if (open.isPresent()) {
            giveKey(connection, open.get(), order);
            return open.get();
        }
        if (kind.changesWhatServes()) {
            execute(connection, END_OTHERS);
        }
        try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            begin.setString(1, kind.name());
            begin.setObject(2, target, Types.BIGINT);
            begin.setString(3, order.actor());
            begin.setString(4, order.reason());
            begin.setString(5, order.key());
            set(begin, 6, bounds);
            return read(begin).get(0);
        }
    }

    /** The act that was ordered with that key in the last 24 hours; empty where there is none, or no key. */
    static Optional<Act> withKey(Connection connection, @Nullable String key) throws SQLException {
        if (key == null) {
            return Optional.empty();
        }
        try (PreparedStatement forget = connection.prepareStatement(FORGET_KEY);
                PreparedStatement find = connection.prepareStatement(WITH_KEY)) {
            forget.setString(1, key);
            forget.executeUpdate();
            find.setString(1, key);
            return read(find).stream().findFirst();
        }
    }

    private static void requireSame(Act given, Kind kind, @Nullable Long target, Act.Bounds bounds, Act.Order order) {
        if (given.kind() != kind
                || !Objects.equals(given.target(), target)
                || !given.bounds().equals(bounds)
                || !given.actor().equals(order.actor())) {
            throw new RefusedActException("that key was given with another order, act %d (%s); use a new one"
                    .formatted(given.id(), given.kind().name().toLowerCase(Locale.ROOT)));
        }
    }

    private static Optional<Act> open(Connection connection, Kind kind, @Nullable Long target, Act.Bounds bounds)
            throws SQLException {
        try (PreparedStatement open = connection.prepareStatement(OPEN)) {
            open.setString(1, kind.name());
            open.setObject(2, target, Types.BIGINT);
            set(open, 3, bounds);
            return read(open).stream().findFirst();
        }
    }

    private static void giveKey(Connection connection, Act act, Act.Order order) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(GIVE_KEY)) {
            statement.setString(1, order.key());
            statement.setLong(2, act.id());
            statement.executeUpdate();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, int first, Act.Bounds bounds) throws SQLException {
        statement.setObject(first, bounds.share(), Types.INTEGER);
        statement.setString(first + 1, bounds.accepted());
        statement.setObject(first + 2, bounds.early(), Types.BOOLEAN);
    }

    /** Whether the act that made that epoch accepted differences. */
    static boolean acceptedDifferences(Connection connection, long epoch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACCEPTED)) {
            statement.setLong(1, epoch);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** An act that changed what serves and was killed before everybody had confirmed it. */
    static Optional<Act> interrupted(Connection connection, Kind kind) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INTERRUPTED)) {
            statement.setString(1, kind.name());
            return read(statement).stream().findFirst();
        }
    }

    /** Notes, in the transaction that changes {@code bo.serving}, which epoch the act made. */
    static void changed(Connection connection, Act act, long epoch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHANGED)) {
            statement.setLong(1, epoch);
            statement.setLong(2, act.id());
            statement.executeUpdate();
        }
    }

    static void end(Connection connection, Act act, Outcome outcome, String detail) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(END)) {
            statement.setString(1, outcome.name());
            statement.setString(2, detail);
            statement.setLong(3, act.id());
            statement.executeUpdate();
        }
    }

    /** What was ordered for a generation besides its log and is not done yet, for people; null when there is nothing. */
    static @Nullable String unfinished(Connection connection, long target) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UNFINISHED)) {
            statement.setLong(1, target);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    static Optional<Act> find(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setLong(1, id);
            return read(statement).stream().findFirst();
        }
    }

    /** What an operator's process is to take, the oldest first. */
    static List<Act> waiting(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WAITING)) {
            return read(statement);
        }
    }

    static List<Act> newest(Connection connection, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
            statement.setInt(1, limit);
            return read(statement);
        }
    }

    private static List<Act> read(PreparedStatement statement) throws SQLException {
        List<Act> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String outcome = row.getString(9);
                found.add(new Act(
                        row.getLong(1),
                        Kind.valueOf(row.getString(2)),
                        row.getObject(3, Long.class),
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6, Long.class),
                        row.getObject(7, OffsetDateTime.class).toInstant(),
                        instant(row.getObject(8, OffsetDateTime.class)),
                        new Act.Bounds(
                                row.getObject(11) == null ? null : Integer.valueOf(row.getString(11)),
                                row.getString(12),
                                row.getObject(13) == null ? null : Boolean.valueOf(row.getString(13))),
                        outcome == null ? null : Outcome.valueOf(outcome),
                        row.getString(10)));
            }
        }
        return found;
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}

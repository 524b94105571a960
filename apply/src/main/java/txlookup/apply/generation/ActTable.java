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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;

/** The rows of {@code bo.act}: there before an act begins, so that one that was killed is seen and continued. */
final class ActTable {
    private static final String COLUMNS =
            "act_id, kind, target, actor, reason, epoch_after, requested_at, ended_at, outcome, detail";

    private static final String BOUNDS =
            "jsonb_strip_nulls(jsonb_build_object('share', ?::integer, 'accepted', ?::text))";

    private static final String BEGIN = """
            INSERT INTO bo.act (kind, target, actor, reason, parameters, epoch_before)
            SELECT ?, ?, ?, ?, %s, epoch FROM bo.serving RETURNING %s""".formatted(BOUNDS, COLUMNS);

    private static final String OPEN = """
            SELECT %s FROM bo.act WHERE kind = ? AND target = ? AND parameters = %s AND ended_at IS NULL
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

    private static final String NEWEST =
            "SELECT %s FROM bo.act WHERE kind = ANY (?) ORDER BY act_id DESC LIMIT ?".formatted(COLUMNS);

    private ActTable() {}

    /** The same order that is under way, or a new act; the caller holds the row of {@code bo.serving}. */
    static Act begin(Connection connection, Kind kind, long target, Act.Order order, Act.Bounds bounds)
            throws SQLException {
        try (PreparedStatement open = connection.prepareStatement(OPEN);
                PreparedStatement endOthers = connection.prepareStatement(END_OTHERS);
                PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            open.setString(1, kind.name());
            open.setLong(2, target);
            set(open, 3, bounds);
            Optional<Act> found = read(open).stream().findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (kind.changesWhatServes()) {
                endOthers.executeUpdate();
            }
            begin.setString(1, kind.name());
            begin.setLong(2, target);
            begin.setString(3, order.actor());
            begin.setString(4, order.reason());
            set(begin, 5, bounds);
            return read(begin).get(0);
        }
    }

    private static void set(PreparedStatement statement, int first, Act.Bounds bounds) throws SQLException {
        statement.setObject(first, bounds.share(), Types.INTEGER);
        statement.setString(first + 1, bounds.accepted());
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

    static List<Act> newest(Connection connection, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
            List<String> kinds = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                kinds.add(kind.name());
            }
            statement.setArray(1, connection.createArrayOf("text", kinds.toArray()));
            statement.setInt(2, limit);
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
                        row.getLong(3),
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6, Long.class),
                        row.getObject(7, OffsetDateTime.class).toInstant(),
                        instant(row.getObject(8, OffsetDateTime.class)),
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

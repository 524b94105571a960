package txlookup.apply.store.deadletter;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceHeaders;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.Source;

/** Reads dead letters, and lets those age out that are of no more use. */
public final class DeadLetters {
    /** Which dead letters are meant: its parameters are ids twice, reason twice, source twice. */
    static final String SELECTED = """
            (?::bigint[] IS NULL OR dead_letter_id = ANY (?))
              AND (?::text IS NULL OR dead_letter.reason = ?) AND (?::text IS NULL OR coverage.name = ?)""";

    private static final String COLUMNS = """
            SELECT dead_letter_id, kind, name, coverage.partition, entity, position, record_time, record_key,
                   record_value, record_headers::text, reason, detail, state, dead_letter.attempts, failed_at,
                   settled_at, settled_by, note
            FROM dead_letter JOIN coverage USING (source_id)
            """;

    private static final String PAGE = COLUMNS + "WHERE " + SELECTED
            + " AND state = ANY (?) AND dead_letter_id > ? ORDER BY dead_letter_id LIMIT ?";

    private static final String FIND = COLUMNS + "WHERE dead_letter_id = ?";

    // REPLAYING is left of runs of an earlier version; nothing sets it any more.
    static final String UNSETTLED =
            SELECTED + " AND state IN ('OPEN', 'REPLAYING') AND dead_letter_id > ?" + " AND dead_letter_id <= ?";

    private static final String LEFT = COLUMNS + "WHERE " + UNSETTLED
            + " AND (?::bigint[] IS NOT NULL OR dead_letter.attempts < " + DeadLetterRuns.MOST_ATTEMPTS
            + ") ORDER BY dead_letter_id LIMIT ?";

    private static final String SUMMARY = """
            SELECT name, reason, state, count(*) FROM dead_letter JOIN coverage USING (source_id)
            GROUP BY name, reason, state ORDER BY name, reason, state""";

    private static final String AGE_OUT = """
            DELETE FROM dead_letter
            WHERE state IN ('RESOLVED', 'SUPERSEDED') AND settled_at < clock_timestamp() - make_interval(secs => ?)""";

    private final DataSource connections;

    public DeadLetters(DataSource connections) {
        this.connections = connections;
    }

    /** How many dead letters share source, reason and state. */
    public record Group(String source, String reason, DeadLetterState state, long count) {}

    /** A page in the order of their numbers, from behind {@code afterId}. */
    public List<StoredDeadLetter> page(
            DeadLetterSelection selection, Set<DeadLetterState> states, long afterId, int limit) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAGE)) {
            int next = bind(statement, 1, selection);
            Object[] names = states.stream().map(DeadLetterState::name).toArray();
            statement.setArray(next, connection.createArrayOf("text", names));
            statement.setLong(next + 1, afterId);
            statement.setInt(next + 2, limit);
            return read(connection, statement);
        }
    }

    public Optional<StoredDeadLetter> find(long id) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setLong(1, id);
            return read(connection, statement).stream().findFirst();
        }
    }

    /**
     * What a replay is to try, in the order of the numbers.
     *
     * @param after only numbers behind it
     * @param upTo only numbers up to it, which bounds what the statement looks at
     */
    public List<StoredDeadLetter> toReplay(DeadLetterSelection selection, long after, long upTo, int limit)
            throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(LEFT)) {
            int next = bind(statement, 1, selection);
            statement.setLong(next, after);
            statement.setLong(next + 1, upTo);
            statement.setArray(next + 2, idsOrNull(connection, selection));
            statement.setInt(next + 3, limit);
            return read(connection, statement);
        }
    }

    /** All of a generation, in groups. */
    public List<Group> summary() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(SUMMARY)) {
            List<Group> groups = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    groups.add(new Group(
                            row.getString(1),
                            row.getString(2),
                            DeadLetterState.valueOf(row.getString(3)),
                            row.getLong(4)));
                }
            }
            connection.rollback();
            return groups;
        }
    }

    /**
     * Deletes what was resolved or superseded longer ago than that. Open ones never age out, and neither do discarded
     * ones: they are decisions of people.
     *
     * @return how many
     */
    public int ageOut(Duration olderThan) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(AGE_OUT)) {
            statement.setDouble(1, olderThan.toMillis() / 1000.0);
            int deleted = statement.executeUpdate();
            connection.commit();
            return deleted;
        }
    }

    /** Binds {@link #SELECTED} from parameter {@code first} on and returns the next parameter's number. */
    static int bind(PreparedStatement statement, int first, DeadLetterSelection selection) throws SQLException {
        Array ids = idsOrNull(statement.getConnection(), selection);
        statement.setArray(first, ids);
        statement.setArray(first + 1, ids);
        statement.setString(first + 2, selection.reason());
        statement.setString(first + 3, selection.reason());
        statement.setString(first + 4, selection.source());
        statement.setString(first + 5, selection.source());
        return first + 6;
    }

    static @Nullable Array idsOrNull(Connection connection, DeadLetterSelection selection) throws SQLException {
        return selection.ids().isEmpty()
                ? null
                : connection.createArrayOf("bigint", selection.ids().toArray());
    }

    private static List<StoredDeadLetter> read(Connection connection, PreparedStatement statement) throws SQLException {
        List<StoredDeadLetter> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(deadLetter(row));
            }
        }
        connection.rollback();
        return found;
    }

    private static StoredDeadLetter deadLetter(ResultSet row) throws SQLException {
        String entity = row.getString("entity");
        OffsetDateTime settledAt = row.getObject("settled_at", OffsetDateTime.class);
        return new StoredDeadLetter(
                row.getLong("dead_letter_id"),
                new Source(Source.Kind.valueOf(row.getString("kind")), row.getString("name"), row.getInt("partition")),
                entity == null ? null : Entity.valueOf(entity),
                new SourceRecord(
                        row.getLong("position"),
                        instant(row, "record_time"),
                        row.getBytes("record_key"),
                        row.getBytes("record_value"),
                        SourceHeaders.ofJson(row.getString("record_headers"))),
                row.getString("reason"),
                row.getString("detail"),
                DeadLetterState.valueOf(row.getString("state")),
                row.getInt("attempts"),
                instant(row, "failed_at"),
                settledAt == null ? null : settledAt.toInstant(),
                row.getString("settled_by"),
                row.getString("note"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}

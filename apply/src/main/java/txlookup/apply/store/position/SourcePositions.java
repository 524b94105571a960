package txlookup.apply.store.position;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.apply.model.StorableTime;

/** The rows that say how far each source is applied: registered at the anchor, claimed, completed. */
public final class SourcePositions {
    private static final String REGISTER = """
            INSERT INTO coverage (kind, name, partition, entity, topic_id, start_position, next_position, as_of)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT ON CONSTRAINT coverage_source DO NOTHING""";

    // All numbers from the highest known one on: registered one by one, the first to come would hide those below it.
    private static final String REGISTER_ADDED = """
            INSERT INTO coverage (kind, name, partition, topic_id, start_position, next_position, as_of)
            SELECT kind, name, added, topic_id, 0, 0, clock_timestamp()
            FROM (SELECT kind, name, min(topic_id) AS topic_id, max(partition) AS highest
                  FROM coverage WHERE kind = ? AND name = ? GROUP BY kind, name) AS known, generate_series(highest + 1, ?) AS added
            ON CONFLICT ON CONSTRAINT coverage_source DO NOTHING""";

    private static final String CLAIM = """
            UPDATE coverage SET epoch = epoch + 1, claimed_by = ?, updated_at = clock_timestamp()
            WHERE kind = ? AND name = ? AND partition = ?
            RETURNING source_id, epoch, start_position, next_position, resume_from, topic_id, completed_at IS NOT NULL,
                leader_epoch""";

    private static final String COMPLETE = """
            UPDATE coverage SET completed_at = clock_timestamp(), updated_at = clock_timestamp()
            WHERE source_id = ? AND next_position = ? AND epoch = ?""";

    private static final String STAY = """
            UPDATE coverage SET updated_at = clock_timestamp()
            WHERE source_id = ? AND next_position = ? AND epoch = ?""";

    private static final String ATTEMPT = """
            UPDATE coverage SET attempts = greatest(0, attempts + ?)
            WHERE source_id = ? AND next_position = ? AND epoch = ? RETURNING attempts""";

    private static final String POSITION = "SELECT next_position FROM coverage WHERE source_id = ? AND epoch = ?";

    private static final String CHECKPOINT = """
            SELECT next_position, resume_from, completed_at IS NOT NULL FROM coverage
            WHERE source_id = ? AND epoch = ? FOR UPDATE""";

    private static final String COUNTS = """
            SELECT consumed, applied, stale, duplicate, dead, bytes FROM coverage
            WHERE kind = ? AND name = ? AND partition = ?""";

    private SourcePositions() {}

    public static void register(
            Connection connection,
            Source source,
            @Nullable Entity entity,
            @Nullable String topicId,
            long startPosition,
            Instant asOf)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REGISTER)) {
            statement.setString(1, source.kind().name());
            statement.setString(2, source.name());
            statement.setInt(3, source.partition());
            statement.setString(4, entity == null ? null : entity.name());
            statement.setString(5, topicId);
            statement.setLong(6, startPosition);
            statement.setLong(7, startPosition);
            statement.setObject(8, utc(asOf));
            statement.executeUpdate();
        }
    }

    public static void registerAdded(Connection connection, Source source) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REGISTER_ADDED)) {
            statement.setString(1, source.kind().name());
            statement.setString(2, source.name());
            statement.setInt(3, source.partition());
            statement.executeUpdate();
        }
    }

    public static Optional<Lease> claim(Connection connection, Source source, String claimedBy) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setString(1, claimedBy);
            statement.setString(2, source.kind().name());
            statement.setString(3, source.name());
            statement.setInt(4, source.partition());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new Lease(
                        source,
                        row.getInt(1),
                        row.getInt(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getString(6),
                        row.getBoolean(7),
                        row.getObject(8, Integer.class)));
            }
        }
    }

    /** @throws FencedException when the row is not where the claim left it */
    public static void complete(Connection connection, Lease claim) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COMPLETE)) {
            executeAt(claim, statement, 1);
        }
    }

    /**
     * Changes nothing that counts. Once it is committed, a crash takes back nothing of what was committed before.
     *
     * @throws FencedException when the row is not where the claim left it
     */
    public static void stay(Connection connection, Lease claim) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STAY)) {
            executeAt(claim, statement, 1);
        }
    }

    /**
     * Counts attempts at the claim's position, before they are made.
     *
     * @throws FencedException when the row is not where the claim left it
     */
    public static int attempt(Connection connection, Lease claim, int more) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ATTEMPT)) {
            statement.setInt(1, more);
            statement.setInt(2, claim.sourceId());
            statement.setLong(3, claim.nextPosition());
            statement.setInt(4, claim.epoch());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new FencedException(claim);
                }
                return row.getInt(1);
            }
        }
    }

    /** @param first the parameter from which on the statement names the row and where the claim left it */
    static void executeAt(Lease claim, PreparedStatement statement, int first) throws SQLException {
        statement.setInt(first, claim.sourceId());
        statement.setLong(first + 1, claim.nextPosition());
        statement.setInt(first + 2, claim.epoch());
        if (statement.executeUpdate() == 0) {
            throw new FencedException(claim);
        }
    }

    /** @throws FencedException when a newer claim exists */
    public static long positionUnder(Connection connection, Lease claim) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(POSITION)) {
            statement.setInt(1, claim.sourceId());
            statement.setInt(2, claim.epoch());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new FencedException(claim);
                }
                return row.getLong(1);
            }
        }
    }

    /** @throws FencedException when a newer claim exists */
    public static Lease checkpoint(Connection connection, Lease claim) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHECKPOINT)) {
            statement.setInt(1, claim.sourceId());
            statement.setInt(2, claim.epoch());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new FencedException(claim);
                }
                return new Lease(
                        claim.source(),
                        claim.sourceId(),
                        claim.epoch(),
                        claim.startPosition(),
                        row.getLong(1),
                        row.getString(2),
                        claim.topicId(),
                        row.getBoolean(3),
                        claim.leaderEpoch());
            }
        }
    }

    public static SourceCounts counts(Connection connection, Source source) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNTS)) {
            statement.setString(1, source.kind().name());
            statement.setString(2, source.name());
            statement.setInt(3, source.partition());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new SourceCounts(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6));
            }
        }
    }

    /** As the driver wants it, and within what the store holds. */
    public static OffsetDateTime utc(Instant instant) {
        return StorableTime.clamped(instant).atOffset(ZoneOffset.UTC);
    }
}

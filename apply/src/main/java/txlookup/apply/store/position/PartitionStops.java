package txlookup.apply.store.position;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Which partitions are stopped and why, and the orders to resume them: all in their rows of {@code coverage}. */
public final class PartitionStops {
    // A stop that goes on keeps its instant; one that follows an order to resume is a new one and needs a new order.
    private static final String STOP = """
            UPDATE coverage SET
                stopped_at = CASE WHEN stopped_at IS NULL OR resume_ordered_at > stopped_at
                    THEN clock_timestamp() ELSE stopped_at END,
                stopped_reason = ?, stopped_share = ?
            WHERE source_id = ? AND next_position = ? AND epoch = ?""";

    private static final String LOOK = """
            SELECT stopped_at, stopped_reason, stopped_share, coalesce(resume_ordered_at > stopped_at, false)
            FROM coverage WHERE source_id = ? AND epoch = ?""";

    private static final String TOLERATED = "SELECT tolerate_to FROM coverage WHERE source_id = ? AND epoch = ?";

    private static final String RESUME = """
            UPDATE coverage SET stopped_at = NULL, stopped_reason = NULL, stopped_share = NULL,
                tolerate_to = coalesce(?, tolerate_to)
            WHERE source_id = ? AND next_position = ? AND epoch = ?""";

    private static final String ORDER = """
            UPDATE coverage SET resume_ordered_at = clock_timestamp(), resume_ordered_by = ?, resume_reason = ?
            WHERE kind = ? AND name = ? AND partition = ? AND stopped_at IS NOT NULL
            RETURNING stopped_at, stopped_reason, stopped_share, true""";

    private final DataSource connections;

    public PartitionStops(DataSource connections) {
        this.connections = connections;
    }

    /**
     * A partition that is stopped.
     *
     * @param share the share of dead letters that was exceeded; null when it is stopped for another reason
     * @param resumeOrdered whether somebody ordered to resume it since
     */
    public record Stop(Instant at, String reason, @Nullable Double share, boolean resumeOrdered) {}

    /**
     * Says that a partition stops at the claim's position.
     *
     * @param share the share of dead letters that was exceeded; null for another reason
     * @throws FencedException when the claim is no longer the newest
     */
    public void stop(Lease claim, String reason, @Nullable Double share) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(STOP)) {
            statement.setString(1, reason);
            statement.setBigDecimal(2, share == null ? null : BigDecimal.valueOf(share));
            SourcePositions.executeAt(claim, statement, 3);
            connection.commit();
        }
    }

    /**
     * Whether a partition is stopped.
     *
     * @throws FencedException when the claim is no longer the newest
     */
    public Optional<Stop> find(Lease claim) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(LOOK)) {
            Optional<Stop> stop = read(rowOf(claim, statement));
            connection.rollback();
            return stop;
        }
    }

    /**
     * Up to which offset any share of dead letters is accepted; empty where nobody said so.
     *
     * @throws FencedException when the claim is no longer the newest
     */
    public OptionalLong toleratedTo(Lease claim) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(TOLERATED)) {
            Long offset = rowOf(claim, statement).getObject(1, Long.class);
            connection.rollback();
            return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
        }
    }

    /**
     * Ends a stop.
     *
     * @param tolerateTo up to which offset any share of dead letters is accepted from now on; empty to leave that as it is
     * @throws FencedException when the claim is no longer the newest
     */
    public void resume(Lease claim, OptionalLong tolerateTo) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(RESUME)) {
            statement.setObject(1, tolerateTo.isPresent() ? tolerateTo.getAsLong() : null, Types.BIGINT);
            SourcePositions.executeAt(claim, statement, 2);
            connection.commit();
        }
    }

    /**
     * Orders to resume a stopped partition; its consumer does so within a second or two.
     *
     * @param actor who orders it
     * @param reason why, for those who read the coverage
     * @return the stop that is to end; empty when the generation has no such partition or it is not stopped
     */
    public Optional<Stop> orderResume(Source partition, String actor, String reason) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(ORDER)) {
            statement.setString(1, actor);
            statement.setString(2, reason);
            statement.setString(3, partition.kind().name());
            statement.setString(4, partition.name());
            statement.setInt(5, partition.partition());
            try (ResultSet row = statement.executeQuery()) {
                Optional<Stop> stop = row.next() ? read(row) : Optional.empty();
                connection.commit();
                return stop;
            }
        }
    }

    @SuppressWarnings("MustBeClosed") // the statement, which the caller closes, closes its rows
    private static ResultSet rowOf(Lease claim, PreparedStatement statement) throws SQLException {
        statement.setInt(1, claim.sourceId());
        statement.setInt(2, claim.epoch());
        ResultSet row = statement.executeQuery();
        if (!row.next()) {
            throw new FencedException(claim);
        }
        return row;
    }

    private static Optional<Stop> read(ResultSet row) throws SQLException {
        OffsetDateTime at = row.getObject(1, OffsetDateTime.class);
        BigDecimal share = row.getBigDecimal(3);
        return at == null
                ? Optional.empty()
                : Optional.of(new Stop(
                        at.toInstant(),
                        row.getString(2),
                        share == null ? null : share.doubleValue(),
                        row.getBoolean(4)));
    }
}

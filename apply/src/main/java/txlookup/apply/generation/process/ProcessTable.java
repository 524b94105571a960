package txlookup.apply.generation.process;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which processes live, and what each has said of itself: the rows of {@code bo.process}. */
public final class ProcessTable {
    /** A process that said nothing for so long counts as gone; when it wakes it asks before it answers. */
    public static final Duration LEASE = Duration.ofSeconds(5);

    private static final String ALIVE = "heartbeat_at > clock_timestamp() - interval '5 s'";

    private static final String WITH_ADDRESS =
            "SELECT string_agg(coalesce(address, process_id), ', ' ORDER BY address) FROM bo.process WHERE " + ALIVE;

    private static final String NOT_PREPARED = WITH_ADDRESS + " AND kind = 'API' AND NOT prepared @> ARRAY[?::bigint]";

    private static final String NOT_ACKNOWLEDGED = WITH_ADDRESS + " AND kind = 'API' AND epoch < ?";

    private static final String STILL_PREPARED = WITH_ADDRESS + " AND kind = 'API' AND prepared @> ARRAY[?::bigint]";

    private static final String CONSUMING = WITH_ADDRESS + " AND kind = 'CONSUMER' AND generation = ?";

    private static final String FORGET = "DELETE FROM bo.process WHERE NOT " + ALIVE;

    private ProcessTable() {}

    /** The living API processes that have no warm connections to a generation, for people; null when there is none. */
    public static @Nullable String notPrepared(Connection connection, long generation) throws SQLException {
        return names(connection, NOT_PREPARED, generation);
    }

    /** The living API processes that answer by an earlier epoch; null when there is none. */
    public static @Nullable String notAcknowledged(Connection connection, long epoch) throws SQLException {
        return names(connection, NOT_ACKNOWLEDGED, epoch);
    }

    /** The living API processes that hold connections to a generation; null when there is none. */
    public static @Nullable String stillPrepared(Connection connection, long generation) throws SQLException {
        return names(connection, STILL_PREPARED, generation);
    }

    /** The living consumers of a generation; null when there is none. */
    public static @Nullable String consuming(Connection connection, long generation) throws SQLException {
        return names(connection, CONSUMING, generation);
    }

    public static void forgetTheDead(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.executeUpdate();
        }
    }

    private static @Nullable String names(Connection connection, String sql, long number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, number);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}

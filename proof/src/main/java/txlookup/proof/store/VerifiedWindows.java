package txlookup.proof.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.proof.compare.Window;

/** What a generation remembers: how far its stream is applied, and which windows were verified. */
public final class VerifiedWindows {
    // A partition in which nothing came yet says that much up to its anchor: what was before that is the backfill's.
    private static final String APPLIED_UNTIL = """
            SELECT min(coalesce(greatest(applied_until, caught_up_at), as_of)) FROM coverage
            WHERE kind = 'STREAM'""";

    private static final String READ_AT = "SELECT min(as_of) FROM coverage WHERE kind = 'BACKFILL'";

    private static final String INSERT = """
            INSERT INTO verification
                (against, judged_from, judged_through, rows_judged, differences, passed)
            VALUES (?, ?, ?, ?, ?, ?)""";

    // Another generation is no source: being like it says nothing of what was loaded.
    private static final String PASSED = """
            SELECT judged_from, judged_through FROM verification WHERE passed AND against NOT LIKE 'generation %'
            ORDER BY judged_from NULLS FIRST""";

    private final DataSource connections;

    /** @param connections of the generation */
    public VerifiedWindows(DataSource connections) {
        this.connections = connections;
    }

    /**
     * Up to which time, as the source counts it, every partition's events are applied; empty for a generation without a
     * stream.
     */
    public Optional<Instant> appliedUntil() throws SQLException {
        return instant(APPLIED_UNTIL);
    }

    /** When the generation's extract was read; empty for a generation without a backfill. */
    public Optional<Instant> backfillReadAt() throws SQLException {
        return instant(READ_AT);
    }

    private Optional<Instant> instant(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Optional<Instant> instant = Optional.ofNullable(instant(row, 1));
                connection.rollback();
                return instant;
            }
        }
    }

    public void remember(String against, Window window, long rowsJudged, long differences, boolean passed)
            throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, against);
            statement.setObject(2, window.from() == null ? null : window.from().atOffset(ZoneOffset.UTC));
            statement.setObject(3, window.through().atOffset(ZoneOffset.UTC));
            statement.setLong(4, rowsJudged);
            statement.setLong(5, differences);
            statement.setBoolean(6, passed);
            statement.executeUpdate();
            connection.commit();
        }
    }

    /**
     * How far a generation is verified without a hole: the end of the passing windows that join one another from the
     * beginning on. Empty as long as no passing window begins at the beginning.
     */
    public Optional<Instant> verifiedThrough() throws SQLException {
        Instant through = null;
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(PASSED)) {
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Instant from = instant(row, 1);
                    Instant end = instant(row, 2);
                    boolean joins = from == null || (through != null && !from.isAfter(through));
                    if (joins && (through == null || end.isAfter(through))) {
                        through = end;
                    }
                }
            }
            connection.rollback();
        }
        return Optional.ofNullable(through);
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

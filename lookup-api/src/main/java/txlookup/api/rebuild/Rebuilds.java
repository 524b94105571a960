package txlookup.api.rebuild;

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
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads what rebuilds left behind, and which are under way. */
@Component
public final class Rebuilds {
    private static final String COLUMNS =
            "generation, verdict, cause, t_cutover, started_at, ended_at, hash, bundle::text AS bundle";

    // A rebuild that was killed while it ended may have ended twice; its last word counts.
    private static final String LIST = """
            SELECT DISTINCT ON (generation) generation, verdict, cause, t_cutover, started_at, ended_at
            FROM bo.evidence WHERE act = 'rebuild' ORDER BY generation DESC, ended_at DESC LIMIT ?""";

    private static final String ONE = "SELECT " + COLUMNS + """

            FROM bo.evidence WHERE act = 'rebuild' AND generation = ? ORDER BY ended_at DESC LIMIT 1""";

    private static final String SLO_GATES = """
            SELECT verdict, started_at, ended_at, hash FROM bo.evidence
            WHERE act = 'slo-gate' AND generation = ? ORDER BY ended_at DESC LIMIT 20""";

    private static final String STATE = "SELECT state FROM bo.generations WHERE generation = ?";

    private static final String UNDER_WAY = """
            SELECT g.generation, g.state, g.t_cutover, g.updated_at FROM bo.generations g
            WHERE g.state IN ('PLANNED', 'MIGRATED', 'ANCHORED', 'BACKFILLING', 'CATCHING_UP', 'READY')
              AND NOT EXISTS (SELECT FROM bo.evidence e WHERE e.act = 'rebuild' AND e.generation = g.generation)
            ORDER BY g.generation DESC LIMIT 5""";

    private static final String UNDEFINED_TABLE = "42P01";

    private final DataSource database;

    Rebuilds(@Qualifier("controlConnections") DataSource database) {
        this.database = database;
    }

    /** A decided rebuild in the list. */
    public record Line(
            long generation,
            String verdict,
            @Nullable String cause,
            @Nullable Instant tCutover,
            Instant startedAt,
            Instant endedAt,
            long durationMs) {

        private static Line of(ResultSet row) throws SQLException {
            OffsetDateTime cutover = row.getObject("t_cutover", OffsetDateTime.class);
            Instant started = instant(row, "started_at");
            Instant ended = instant(row, "ended_at");
            return new Line(
                    row.getLong("generation"),
                    row.getString("verdict"),
                    row.getString("cause"),
                    cutover == null ? null : cutover.toInstant(),
                    started,
                    ended,
                    Duration.between(started, ended).toMillis());
        }
    }

    /**
     * A generation that is being made, or whose making stopped before it was decided.
     *
     * @param since when it came to that state
     */
    public record UnderWay(long generation, String state, Instant tCutover, Instant since) {}

    /** Rebuilds, newest first. */
    public record Page(List<UnderWay> underWay, List<Line> rebuilds, int count) {}

    /** The newest, at most so many. */
    public Page newest(int limit) throws SQLException {
        try (Connection connection = database.getConnection()) {
            List<Line> lines = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(LIST)) {
                statement.setInt(1, limit);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        lines.add(Line.of(row));
                    }
                }
            }
            return new Page(underWay(connection), lines, lines.size());
        } catch (SQLException e) {
            return unlessNotMigrated(e, new Page(List.of(), List.of(), 0));
        }
    }

    /** The rebuild that made that generation, or failed to; empty when none is kept. */
    public Optional<RebuildReport> one(long generation) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ONE)) {
            statement.setLong(1, generation);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new RebuildEvidence(row.getString("bundle"))
                                .report(
                                        Line.of(row),
                                        state(connection, generation),
                                        row.getString("hash"),
                                        sloGates(connection, generation)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            return unlessNotMigrated(e, Optional.empty());
        }
    }

    /** In a store that an earlier version migrated none are kept yet (docs/policy.md, Roll back). */
    private static <T> T unlessNotMigrated(SQLException failure, T none) throws SQLException {
        if (UNDEFINED_TABLE.equals(failure.getSQLState())) {
            return none;
        }
        throw failure;
    }

    private static List<UnderWay> underWay(Connection connection) throws SQLException {
        List<UnderWay> underWay = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(UNDER_WAY);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                underWay.add(new UnderWay(
                        row.getLong("generation"),
                        row.getString("state"),
                        instant(row, "t_cutover"),
                        instant(row, "updated_at")));
            }
        }
        return underWay;
    }

    private static List<RebuildReport.SloGate> sloGates(Connection connection, long generation) throws SQLException {
        List<RebuildReport.SloGate> gates = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SLO_GATES)) {
            statement.setLong(1, generation);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    gates.add(new RebuildReport.SloGate(
                            row.getString("verdict"),
                            instant(row, "started_at"),
                            instant(row, "ended_at"),
                            row.getString("hash")));
                }
            }
        }
        return gates;
    }

    private static @Nullable String state(Connection connection, long generation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATE)) {
            statement.setLong(1, generation);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}

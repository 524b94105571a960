package txlookup.api.health;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Reads what of a generation that is to follow the stream does not. */
public final class Standstills {
    /** A consumer says each second that it has caught up, or applies something. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    // While a generation catches up it is behind by its nature. A partition that is stopped says nothing, so silence
    // is only meant where one is not.
    private static final String READ = """
            WITH stream AS (
                SELECT g.generation, g.state, c.name, c.partition, c.stopped_at, c.stopped_reason,
                       greatest(c.applied_until, c.caught_up_at, c.as_of) AS watermark,
                       greatest(c.updated_at, c.caught_up_at) AS heard
                FROM bo.generation g CROSS JOIN coverage c
                WHERE 'g' || g.generation = current_schema() AND c.kind = 'STREAM' AND g.state IN ('CATCHING_UP', 'READY')
            ), silent AS (
                SELECT generation, max(heard) AS since FROM stream WHERE stopped_at IS NULL
                GROUP BY generation HAVING max(heard) < ?
            )
            SELECT generation, NULL AS topic, NULL AS partition, 'NO_CONSUMER' AS kind, since, NULL AS reason FROM silent
            UNION ALL
            SELECT generation, name, partition, 'STOPPED', stopped_at, stopped_reason FROM stream
            WHERE stopped_at IS NOT NULL
            UNION ALL
            SELECT generation, name, partition, 'BEHIND', watermark, NULL FROM stream
            WHERE stopped_at IS NULL AND state <> 'CATCHING_UP' AND watermark < ?
              AND generation NOT IN (SELECT generation FROM silent)
            ORDER BY generation DESC, topic NULLS FIRST, partition""";

    private final DataSource database;
    private final Duration freshness;
    private final Clock clock;

    /**
     * @param database connections on the generation, whose schema is the first of their search path
     * @param freshness a partition that is behind by more is told
     */
    public Standstills(DataSource database, Duration freshness, Clock clock) {
        this.database = database;
        this.freshness = freshness;
        this.clock = clock;
    }

    /** By partition; empty while all is well, and for a generation that need not follow the stream. */
    public List<Standstill> now() throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setObject(1, now.minus(SILENCE).atOffset(ZoneOffset.UTC));
            statement.setObject(2, now.minus(freshness).atOffset(ZoneOffset.UTC));
            List<Standstill> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Standstill(
                            row.getLong("generation"),
                            row.getString("topic"),
                            row.getObject("partition", Integer.class),
                            Standstill.Kind.valueOf(row.getString("kind")),
                            row.getObject("since", OffsetDateTime.class).toInstant(),
                            row.getString("reason")));
                }
            }
            return found;
        }
    }
}

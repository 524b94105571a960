package txlookup.api.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
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
import txlookup.api.config.LookupApiSettings;
import txlookup.api.freshness.Freshness;
import txlookup.api.freshness.WatermarkReader;

/** Reads which generations there are, and what each does. */
@Component
public final class GenerationList {
    private static final int MOST = 100;

    // The catalogue's estimate: -1 before the first ANALYZE. It costs no look into the tables.
    private static final String READ = """
            SELECT g.generation, g.state, g.t_cutover, g.detail, s.epoch, s.since,
                   CASE WHEN g.generation = s.candidate THEN s.share
                        WHEN g.generation = s.generation THEN 100 - s.share ELSE 0 END AS share,
                   g.generation IS NOT DISTINCT FROM s.generation AS serving,
                   (SELECT sum(c.reltuples)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'g' || g.generation AND c.relkind = 'r' AND c.reltuples >= 0
                      AND c.relname LIKE ANY (ARRAY['ledger_entry%', 'payment_order%'])) AS rows_estimate
            FROM bo.generations g CROSS JOIN bo.serving s
            ORDER BY g.generation DESC LIMIT ?""";

    private final DataSource control;
    private final Generations generations;
    private final Duration freshness;
    private final Clock clock;

    GenerationList(
            @Qualifier("controlConnections") DataSource control,
            Generations generations,
            LookupApiSettings settings,
            Clock clock) {
        this.control = control;
        this.generations = generations;
        this.freshness = settings.freshness();
        this.clock = clock;
    }

    /**
     * One generation.
     *
     * @param state what serves is ACTIVE, and its way back DRAINING
     * @param share per cent of the lookups by id that it answers
     * @param rowsEstimate as the database's statistics have it; null while there are none
     * @param lagSec how far its data is behind; null where it cannot be read
     * @param ageSec since its cutover
     */
    public record Line(
            long generation,
            String state,
            boolean serving,
            int share,
            @Nullable Long rowsEstimate,
            @Nullable Long lagSec,
            long ageSec,
            Instant tCutover,
            @Nullable String detail) {
        /** As {@link #lagSec}; no part of the JSON. */
        public @Nullable Duration lag() {
            return lagSec == null ? null : Duration.ofSeconds(lagSec);
        }

        /** As {@link #ageSec}; no part of the JSON. */
        public Duration age() {
            return Duration.ofSeconds(ageSec);
        }
    }

    /**
     * The newest generations, newest first.
     *
     * @param epoch rises with each change of what serves
     * @param since when that last changed; null while there is no generation
     */
    public record All(
            List<Line> generations,
            int count,
            long epoch,
            @Nullable Instant since) {}

    /** All there are, as they are now. */
    public All now() throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = control.getConnection();
                PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, MOST);
            List<Line> lines = new ArrayList<>();
            long epoch = 0;
            Instant since = null;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    epoch = row.getLong("epoch");
                    since = instant(row, "since");
                    lines.add(line(row, now));
                }
            }
            return new All(lines, lines.size(), epoch, since);
        }
    }

    private Line line(ResultSet row, Instant now) throws SQLException {
        long number = row.getLong("generation");
        Instant cutover = instant(row, "t_cutover");
        return new Line(
                number,
                row.getString("state"),
                row.getBoolean("serving"),
                row.getInt("share"),
                row.getObject("rows_estimate", Long.class),
                watermark(number).map(asOf -> secondsSince(asOf, now)).orElse(null),
                secondsSince(cutover, now),
                cutover,
                row.getString("detail"));
    }

    private Optional<Instant> watermark(long number) throws SQLException {
        Optional<GenerationHandle> handle = generations.readable(number);
        if (handle.isEmpty()) {
            return Optional.empty();
        }
        try (GenerationHandle open = handle.get()) {
            return WatermarkReader.read(open.store().connections(), freshness).map(Freshness.Watermark::asOf);
        }
    }

    private static long secondsSince(Instant then, Instant now) {
        return Math.max(0, Duration.between(then, now).toSeconds());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}

package txlookup.api.freshness;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.api.store.OwnThreads;

/**
 * Reads, once a second and beside the requests, the least watermark of a generation's partitions.
 *
 * <p>A partition's watermark is the source time of the newest record applied, or when its reader last saw nothing more to
 * read, whichever is later: a partition where nothing happens is not stale. Nothing before its anchor is missing either,
 * for the backfill brought it.
 */
public final class WatermarkReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatermarkReader.class);
    private static final Duration BETWEEN_READS = Duration.ofSeconds(1);

    private static final String WATERMARK = """
            SELECT min(least(greatest(c.applied_until, c.caught_up_at, c.as_of), clock_timestamp())) AS as_of,
                   bool_and(c.caught_up_at IS NOT NULL
                       OR coalesce(c.applied_until, c.as_of) > clock_timestamp() - ? * interval '1 ms') AS known
            FROM coverage c WHERE c.kind = 'STREAM'""";

    private final DataSource database;
    private final Freshness freshness;
    private final ScheduledExecutorService reader =
            Executors.newSingleThreadScheduledExecutor(OwnThreads.named("watermark"));
    private final ScheduledFuture<?> reads;

    public WatermarkReader(DataSource database, Freshness freshness) {
        this.database = database;
        this.freshness = freshness;
        this.reads = reader.scheduleWithFixedDelay(this::read, 0, BETWEEN_READS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void read() {
        try {
            freshness.seen(read(database, freshness.slo()));
        } catch (SQLException | RuntimeException e) {
            // Thrown, it would end the reading for good. What was read last stays true: it only gets older.
            LOG.debug("The watermark cannot be read now: {}", e.toString());
        }
    }

    /** Empty where no partition was claimed yet. */
    public static Optional<Freshness.Watermark> read(DataSource database, Duration slo) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(WATERMARK)) {
            statement.setLong(1, slo.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                OffsetDateTime asOf = row.getObject("as_of", OffsetDateTime.class);
                boolean known = row.getBoolean("known");
                return Optional.ofNullable(asOf).map(time -> new Freshness.Watermark(time.toInstant(), known));
            }
        }
    }

    @Override
    public void close() {
        reads.cancel(true);
        reader.shutdownNow();
    }
}

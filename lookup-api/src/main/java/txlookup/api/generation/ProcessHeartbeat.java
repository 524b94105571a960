package txlookup.api.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import txlookup.api.store.OwnThreads;

/**
 * This process's row in {@code bo.process}: once a second, and at once when it answers by another epoch. A switch waits
 * for that. At an orderly end the row is removed; after any other it ends with its lease.
 */
public final class ProcessHeartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessHeartbeat.class);
    private static final Duration BETWEEN_BEATS = Duration.ofSeconds(1);
    private static final long NONE = -1;

    // Also an insert when somebody took the process for dead and removed its row.
    private static final String BEAT = """
            INSERT INTO bo.process (process_id, kind, address, build, epoch, prepared, serving_lookups, serving_errors,
                serving_p95_ms, candidate_lookups, candidate_errors, candidate_p95_ms, shadow_reads, shadow_differences)
            VALUES (?, 'API', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (process_id) DO UPDATE SET heartbeat_at = clock_timestamp(), epoch = excluded.epoch,
                prepared = excluded.prepared, serving_lookups = excluded.serving_lookups,
                serving_errors = excluded.serving_errors, serving_p95_ms = excluded.serving_p95_ms,
                candidate_lookups = excluded.candidate_lookups, candidate_errors = excluded.candidate_errors,
                candidate_p95_ms = excluded.candidate_p95_ms, shadow_reads = excluded.shadow_reads,
                shadow_differences = excluded.shadow_differences""";

    private static final String END = "DELETE FROM bo.process WHERE process_id = ?";

    private final DataSource database;
    private final ServingReader reader;
    private final GenerationStores stores;
    private final String build;
    private final String processId = UUID.randomUUID().toString();
    private @Nullable Thread beating;
    private String address = "";
    private volatile boolean closing;

    public ProcessHeartbeat(DataSource database, ServingReader reader, GenerationStores stores, String build) {
        this.database = database;
        this.reader = reader;
        this.stores = stores;
        this.build = build;
    }

    /** From now on requests are taken at the address. */
    public synchronized void begin(String newAddress) {
        address = newAddress;
        beating = OwnThreads.of("process-heartbeat", this::beatUntilClosed);
        beating.start();
    }

    private void beatUntilClosed() {
        long epoch = NONE;
        boolean told = false;
        try {
            while (!closing) {
                reader.awaitOtherEpoch(epoch, BETWEEN_BEATS);
                ServingReader.Known known = reader.lastKnown();
                try {
                    if (known != null) {
                        beat(known);
                        epoch = known.row().epoch();
                        told = false;
                    }
                } catch (SQLException | RuntimeException e) {
                    // While this lasts the lease ends by itself, which is what the others have to see.
                    LOG.atLevel(told ? Level.DEBUG : Level.WARN)
                            .log("The heartbeat of process {} cannot be written: {}", processId, e.toString());
                    told = true;
                    Thread.sleep(BETWEEN_BEATS.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    private void beat(ServingReader.Known known) throws SQLException {
        stores.prepareAgain(known.row());
        SideCounters counters = known.counters();
        List<Long> prepared = stores.prepared();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(BEAT)) {
            statement.setString(1, processId);
            statement.setString(2, address);
            statement.setString(3, build);
            statement.setLong(4, known.row().epoch());
            statement.setArray(5, connection.createArrayOf("bigint", prepared.toArray()));
            set(statement, 6, counters.serving());
            set(statement, 9, counters.candidate());
            statement.setLong(12, counters.shadowReads());
            statement.setLong(13, counters.shadowDifferences());
            statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, int first, SideCounters.Side side) throws SQLException {
        statement.setLong(first, side.lookups());
        statement.setLong(first + 1, side.errors());
        statement.setFloat(first + 2, side.p95Millis());
    }

    /** Called when no more requests come. */
    @Override
    public synchronized void close() {
        if (beating == null) {
            return;
        }
        closing = true;
        beating.interrupt();
        try {
            beating.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the row is removed all the same
        }
        beating = null;
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(END)) {
            statement.setString(1, processId);
            statement.executeUpdate();
        } catch (SQLException e) {
            LOG.warn(
                    "The row of process {} could not be removed: {}. It ends with its lease.", processId, e.toString());
        }
    }
}

package txlookup.guarantee.witness;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import txlookup.guarantee.Trial;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/**
 * Looks at the store again and again while everything breaks. What is one transaction must be seen whole at every
 * instant, not only in the end. On one server a look is one snapshot, so whatever it finds was really there. Several servers
 * have no common snapshot: there a look reads the rows first, and what accounts for them may only be newer.
 */
public final class Witness implements AutoCloseable {
    private static final String ROWS = "SELECT source_id, count(*), max(source_position) FROM %s GROUP BY source_id";

    private static final String COVERAGE = """
            SELECT name || '-' || partition, source_id, next_position, applied, CASE
                WHEN consumed <> next_position - start_position THEN
                    format('%s records accounted for between %s and %s', consumed, start_position, next_position)
                WHEN consumed <> applied + stale + duplicate + dead THEN 'the counts do not add up'
                WHEN dead <> (SELECT count(*) FROM dead_letter AS d WHERE d.source_id = c.source_id) THEN
                    format('%s dead letters counted, not as many there', dead)
                WHEN EXISTS (SELECT FROM dead_letter AS d WHERE d.source_id = c.source_id AND position >= next_position) THEN
                    'a dead letter ahead of the position'
                WHEN applied_until > clock_timestamp() THEN
                    format('applied until %s, which is ahead of the clock', applied_until)
                END AS broken
            FROM coverage AS c WHERE kind = 'STREAM'""";

    private static final String REPLAYS = """
            SELECT format('dead letters: %s replays run at once', count(*)) FROM dead_letter_run
            WHERE action = 'REPLAY' AND ended_at IS NULL AND leased_until >= clock_timestamp()
            HAVING count(*) > 1""";

    /** What the rows of a table say of a source that brought them. */
    private record Brought(long rows, long lastPosition) {}

    private final Trial trial;
    private final AtomicReference<String> seen = new AtomicReference<>();
    private final Thread thread = new Thread(this::watch, "witness");
    private volatile boolean stopping;
    private volatile boolean looked;
    private volatile @Nullable SQLException absent;

    public Witness(Trial trial) {
        this.trial = trial;
        thread.start();
    }

    private void watch() {
        while (!stopping && seen.get() == null) {
            try (Connection connection = trial.servers.connect(trial.name)) {
                look(connection);
            } catch (SQLException e) {
                absent = e; // the database is one of the things that break; it comes back
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look(Connection connection) throws SQLException, InterruptedException {
        useOneSnapshot(connection);
        while (!stopping && seen.get() == null) {
            seen.set(broken(connection));
            looked = true;
            Thread.sleep(20);
        }
    }

    private static void useOneSnapshot(Connection connection) throws SQLException {
        boolean spread = Stored.strings(connection, Distribution.IS_SPREAD).equals(List.of("t"));
        // With Citus a snapshot is the coordinator's alone: held for the whole look, it would be older than the rows.
        connection.setTransactionIsolation(
                spread ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
    }

    private static @Nullable String broken(Connection connection) throws SQLException {
        Map<Integer, Brought> entries = brought(connection, "ledger_entry");
        Map<Integer, Brought> orders = brought(connection, "payment_order");
        List<String> broken = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COVERAGE)) {
            while (row.next()) {
                Brought entry = entries.getOrDefault(row.getInt(2), new Brought(0, -1));
                Brought order = orders.getOrDefault(row.getInt(2), new Brought(0, -1));
                String why = row.getString(5);
                if (Math.max(entry.lastPosition(), order.lastPosition()) >= row.getLong(3)) {
                    why = "a row ahead of the position";
                } else if (row.getLong(4) < entry.rows() + order.rows()) {
                    why = "more rows than were counted as applied";
                }
                if (why != null) {
                    broken.add(row.getString(1) + ": " + why);
                }
            }
        }
        broken.addAll(Stored.strings(connection, REPLAYS));
        connection.rollback();
        return broken.isEmpty() ? null : String.join("; ", broken);
    }

    private static Map<Integer, Brought> brought(Connection connection, String table) throws SQLException {
        Map<Integer, Brought> brought = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ROWS.formatted(table))) {
            while (row.next()) {
                brought.put(row.getInt(1), new Brought(row.getLong(2), row.getLong(3)));
            }
        }
        return brought;
    }

    /** Fails when what belongs together was ever seen apart, or is now. */
    public void requireNothingSeen() throws SQLException {
        if (seen.get() == null) {
            try (Connection connection = trial.servers.connect(trial.name)) {
                useOneSnapshot(connection);
                seen.set(broken(connection));
            }
        }
        if (!looked) {
            throw new AssertionError("the witness never saw the store", absent);
        }
        if (seen.get() != null) {
            throw new AssertionError("seen on the way: " + seen.get());
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

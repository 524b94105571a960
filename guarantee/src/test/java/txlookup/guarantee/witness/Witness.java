package txlookup.guarantee.witness;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import txlookup.guarantee.Trial;

/**
 * Looks at the store again and again while everything breaks. What is one transaction must be seen whole at every
 * instant, not only in the end: a statement sees one snapshot, so whatever it finds was really there.
 */
public final class Witness implements AutoCloseable {
    private static final String BROKEN = """
            SELECT string_agg(format('%s-%s: %s', name, partition, broken), '; ') FROM (
                SELECT name, partition, CASE
                    WHEN consumed <> next_position - start_position THEN
                        format('%s records accounted for between %s and %s', consumed, start_position, next_position)
                    WHEN consumed <> applied + stale + duplicate + dead THEN 'the counts do not add up'
                    WHEN dead <> (SELECT count(*) FROM dead_letter AS d WHERE d.source_id = c.source_id) THEN
                        format('%s dead letters counted, not as many there', dead)
                    WHEN EXISTS (SELECT FROM dead_letter AS d WHERE d.source_id = c.source_id AND position >= next_position) THEN
                        'a dead letter ahead of the position'
                    WHEN EXISTS (SELECT FROM ledger_entry AS e WHERE e.source_id = c.source_id AND source_position >= next_position)
                      OR EXISTS (SELECT FROM payment_order AS o WHERE o.source_id = c.source_id AND source_position >= next_position) THEN
                        'a row ahead of the position'
                    WHEN applied < (SELECT count(*) FROM ledger_entry AS e WHERE e.source_id = c.source_id)
                                 + (SELECT count(*) FROM payment_order AS o WHERE o.source_id = c.source_id) THEN
                        'more rows than were counted as applied'
                    WHEN applied_until > clock_timestamp() THEN
                        format('applied until %s, which is ahead of the clock', applied_until)
                    END AS broken
                FROM coverage AS c WHERE kind = 'STREAM'
                UNION ALL
                SELECT 'dead letters', 0, format('%s replays run at once', count(*))
                FROM dead_letter_run
                WHERE action = 'REPLAY' AND ended_at IS NULL AND leased_until >= clock_timestamp()
                HAVING count(*) > 1) AS found
            WHERE broken IS NOT NULL""";

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
        try (Statement statement = connection.createStatement()) {
            while (!stopping && seen.get() == null) {
                try (ResultSet row = statement.executeQuery(BROKEN)) {
                    row.next();
                    seen.set(row.getString(1));
                    looked = true;
                }
                Thread.sleep(20);
            }
        }
    }

    /** Fails when what belongs together was ever seen apart, or is now. */
    public void requireNothingSeen() throws SQLException {
        String now = Stored.all(trial, BROKEN).strip();
        if (seen.get() == null && !now.equals("null")) {
            seen.set(now);
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

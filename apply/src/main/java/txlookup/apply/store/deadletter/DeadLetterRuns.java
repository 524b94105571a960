package txlookup.apply.store.deadletter;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.position.FencedException;

/**
 * The orders to replay and discard dead letters: each is one row, there before its work begins. A process holds an order
 * by a lease that it renews; once the lease is over, another process takes the order and resumes it.
 */
public final class DeadLetterRuns {
    /** Replays after which a dead letter is left alone unless it is named by its number: it will not mend by itself. */
    public static final int MOST_ATTEMPTS = 5;

    /** How long an order stays with a process that does not renew its lease. */
    public static final Duration LEASE = Duration.ofSeconds(15);

    /** Keeps these locks apart from everybody else's: "txrp" in ASCII. */
    private static final int SPACE = 0x74787270;

    // Two processes that look at once must not both find that no replay runs.
    private static final String ONE_BY_ONE =
            "SELECT pg_advisory_xact_lock(?, current_schema()::regnamespace::oid::integer)";

    // Replays share one source, so they run one after the other; a discard is in nobody's way. What takes two people is
    // done
    // at once when the second one confirms it, by the process that is asked then.
    private static final String TAKE = """
            UPDATE dead_letter_run SET
                runner = ?, takes = takes + 1, tries = tries + 1,
                leased_until = clock_timestamp() + make_interval(secs => ?),
                up_to = coalesce(up_to, (SELECT coalesce(max(dead_letter_id), 0) FROM dead_letter))
            WHERE run_id = (
                SELECT run_id FROM dead_letter_run
                WHERE ended_at IS NULL AND NOT takes_two AND (?::bigint IS NULL OR run_id = ?)
                  AND (leased_until IS NULL OR leased_until < clock_timestamp())
                  AND (action = 'DISCARD' OR NOT EXISTS (
                      SELECT FROM dead_letter_run AS running
                      WHERE running.action = 'REPLAY' AND running.ended_at IS NULL
                        AND running.leased_until >= clock_timestamp()))
                ORDER BY run_id LIMIT 1)
            RETURNING run_id""";

    private static final String HELD = "WHERE run_id = ? AND takes = ? AND ended_at IS NULL";

    // One that was given back stays so.
    private static final String RENEW =
            "UPDATE dead_letter_run SET leased_until = clock_timestamp() + make_interval(secs => ?) " + HELD
                    + " AND leased_until IS NOT NULL";

    // Given back in order: that process did not die of the order.
    private static final String RELEASE =
            "UPDATE dead_letter_run SET leased_until = NULL, tries = greatest(tries - 1, 0) " + HELD;

    private static final String COUNT = """
            UPDATE dead_letter_run SET
                selected = selected + ?, resolved = resolved + ?, superseded = superseded + ?, refused = refused + ?,
                discarded = discarded + ?, done_to = greatest(done_to, ?), tries = 0
            """ + HELD;

    private static final String TRIED = """
            INSERT INTO dead_letter_trial (run_id, dead_letter_id) SELECT ?, unnest(?::bigint[]) ON CONFLICT DO NOTHING""";

    private static final String END =
            "UPDATE dead_letter_run SET leased_until = NULL, failure = ?, ended_at = clock_timestamp() " + HELD;

    private static final String END_ACT =
            "SELECT bo.end_order(act_id, failure) FROM dead_letter_run WHERE run_id = ? AND act_id IS NOT NULL";

    private static final int LONGEST_FAILURE = 500;

    private final DataSource connections;
    private final Duration lease;

    public DeadLetterRuns(DataSource connections) {
        this(connections, LEASE);
    }

    /** @param lease how long an order stays with a process that does not renew */
    public DeadLetterRuns(DataSource connections, Duration lease) {
        this.connections = connections;
        this.lease = lease;
    }

    /** How long an order stays with a process that does not renew. */
    public Duration lease() {
        return lease;
    }

    /** Orders something for the next process that looks. */
    public DeadLetterRun order(DeadLetterOrder order) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            long id = DeadLetterOrderRow.insert(connection, order);
            connection.commit();
            return find(id).orElseThrow();
        }
    }

    /** Orders something and takes it at once, unless it has to wait: then its {@code takes} is 0. */
    public DeadLetterRun begin(DeadLetterOrder order, String runner) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            long id = DeadLetterOrderRow.insert(connection, order);
            take(connection, id, runner);
            connection.commit();
            return find(id).orElseThrow();
        }
    }

    /** Takes the oldest order that no process holds; empty when there is none, or it has to wait. */
    public Optional<DeadLetterRun> take(String runner) throws SQLException {
        return take((Long) null, runner);
    }

    /** Takes this order; empty when it has ended, a process holds it, or it has to wait. */
    public Optional<DeadLetterRun> take(DeadLetterRun run, String runner) throws SQLException {
        return take(run.id(), runner);
    }

    private Optional<DeadLetterRun> take(@Nullable Long only, String runner) throws SQLException {
        Optional<Long> id;
        try (Connection connection = connections.getConnection()) {
            id = take(connection, only, runner);
            connection.commit();
        }
        return id.isPresent() ? find(id.get()) : Optional.empty();
    }

    private Optional<Long> take(Connection connection, @Nullable Long only, String runner) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(ONE_BY_ONE);
                PreparedStatement take = connection.prepareStatement(TAKE)) {
            lock.setInt(1, SPACE);
            lock.execute();
            take.setString(1, runner);
            take.setDouble(2, seconds());
            take.setObject(3, only, Types.BIGINT);
            take.setObject(4, only, Types.BIGINT);
            try (ResultSet row = take.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    /** Renews the lease; false when the run has ended, was given back, or another process took it. */
    public boolean renew(DeadLetterRun run) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(RENEW)) {
            statement.setDouble(1, seconds());
            boolean held = execute(statement, 2, run);
            connection.commit();
            return held;
        }
    }

    private double seconds() {
        return lease.toMillis() / 1000.0;
    }

    /** Gives the order back, for the next process that looks. Changes nothing when another process took it. */
    public void release(DeadLetterRun run) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            execute(statement, 1, run);
            connection.commit();
        }
    }

    /**
     * Adds what a batch of a dry run came to; any other counts in its own transaction.
     *
     * @param tried the dead letters that it tried, which its replay will take
     * @throws FencedException when another process took the run
     */
    public void add(DeadLetterRun run, Settled batch, List<Long> tried) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(TRIED)) {
            count(connection, run, batch);
            statement.setLong(1, run.id());
            statement.setArray(2, connection.createArrayOf("bigint", tried.toArray()));
            statement.executeUpdate();
            connection.commit();
        }
    }

    /** @throws FencedException when another process took the run */
    public static void count(Connection connection, DeadLetterRun run, Settled batch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setLong(1, batch.count());
            statement.setLong(2, batch.resolved());
            statement.setLong(3, batch.superseded());
            statement.setLong(4, batch.refused());
            statement.setLong(5, batch.discarded());
            statement.setLong(6, batch.doneTo());
            if (!execute(statement, 7, run)) {
                throw new FencedException(run.id());
            }
        }
    }

    /**
     * Ends a run that is done.
     *
     * @throws FencedException when another process took it
     */
    public DeadLetterRun end(DeadLetterRun run) throws SQLException {
        return end(run, null);
    }

    /**
     * Ends a run before all is done; what is left stays open.
     *
     * @throws FencedException when another process took it
     */
    public DeadLetterRun fail(DeadLetterRun run, String why) throws SQLException {
        return end(run, storable(why));
    }

    private DeadLetterRun end(DeadLetterRun run, @Nullable String failure) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(END);
                PreparedStatement act = connection.prepareStatement(END_ACT)) {
            statement.setString(1, failure);
            if (!execute(statement, 2, run)) {
                throw new FencedException(run.id());
            }
            act.setLong(1, run.id());
            act.execute();
            connection.commit();
        }
        return find(run.id()).orElseThrow();
    }

    private static boolean execute(PreparedStatement statement, int next, DeadLetterRun run) throws SQLException {
        statement.setLong(next, run.id());
        statement.setInt(next + 1, run.takes());
        return statement.executeUpdate() > 0;
    }

    /** A failure quotes whatever it failed on: no control characters, no half of a pair. */
    private static String storable(String why) {
        String line = why.replaceAll("\\p{Cntrl}+", " ");
        String cut = line.length() <= LONGEST_FAILURE ? line : line.substring(0, LONGEST_FAILURE);
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    public Optional<DeadLetterRun> find(long id) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(DeadLetterRunRow.FIND)) {
            statement.setLong(1, id);
            return DeadLetterRunRow.read(connection, statement).stream().findFirst();
        }
    }

    /** The latest runs, newest first. */
    public List<DeadLetterRun> latest(int limit) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(DeadLetterRunRow.LIST)) {
            statement.setInt(1, limit);
            return DeadLetterRunRow.read(connection, statement);
        }
    }
}

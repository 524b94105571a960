package txlookup.apply.store.deadletter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.sql.Statements;

/** Discards dead letters, a bounded piece in each transaction. */
public final class Discards {
    private static final String DISCARD = """
            UPDATE dead_letter
            SET state = 'DISCARDED', run_id = ?, settled_at = clock_timestamp(), settled_by = ?, note = ?
            WHERE dead_letter_id IN (
                SELECT dead_letter_id FROM dead_letter JOIN coverage USING (source_id)
                WHERE %s ORDER BY dead_letter_id FOR UPDATE OF dead_letter)""".formatted(DeadLetters.UNSETTLED);

    private final DataSource connections;

    public Discards(DataSource connections) {
        this.connections = connections;
    }

    /**
     * Discards what is open among some numbers, and counts it for the run.
     *
     * @throws FencedException when another process took the run; nothing was changed
     */
    public Settled discard(DeadLetterRun run, long after, long upTo) throws SQLException {
        DeadLetterOrder order = run.order();
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(DISCARD)) {
            statement.setLong(1, run.id());
            statement.setString(2, order.actor());
            statement.setString(3, order.note());
            int next = DeadLetters.bind(statement, 4, order.selection());
            statement.setLong(next, after);
            statement.setLong(next + 1, upTo);
            try {
                Settled settled = new Settled(0, 0, 0, statement.executeUpdate(), upTo);
                DeadLetterRuns.count(connection, run, settled);
                connection.commit();
                return settled;
            } catch (SQLException | RuntimeException e) {
                Statements.rollBack(connection, e);
                throw e;
            }
        }
    }
}

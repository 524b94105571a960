package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import txlookup.apply.generation.Act.Kind;
import txlookup.apply.generation.Act.Outcome;
import txlookup.apply.generation.process.ProcessTable;

/**
 * Moves the positions of a generation back, so that its consumer reads old offsets again (docs/architecture.md, act 7):
 * the only way in which that happens. Applying a record twice changes nothing; what is counted twice is noted, so that
 * the proof of completeness still adds up.
 */
public final class Reprocess {
    private static final String POSITIONS = """
            SELECT name, partition, start_position, next_position FROM g%d.coverage WHERE kind = 'STREAM'
            ORDER BY name, partition""";

    private static final String MOVE = """
            UPDATE g%d.coverage SET next_position = ?, start_position = least(start_position, ?),
                read_again = read_again + ?, epoch = epoch + 1, claimed_by = NULL, leader_epoch = NULL, attempts = 0,
                applied_until = least(applied_until, ?), caught_up_at = NULL, updated_at = clock_timestamp()
            WHERE kind = 'STREAM' AND name = ? AND partition = ? AND next_position = ?""";

    private static final String STATE = "SELECT state FROM bo.generation WHERE generation = ?";

    private final Connection connection;

    /** @param connection of the store, of no generation; the caller closes it */
    public Reprocess(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    /** How far a partition is applied. */
    public record Position(String topic, int partition, long start, long next) {}

    /**
     * Where a partition is read from again.
     *
     * @param position as it was read with {@link #positions}
     * @param to the first offset to be read again
     * @param records how many records of the log lie between there and what was applied: those that will be counted twice
     */
    public record Move(Position position, long to, long records) {}

    /**
     * The positions of a generation that may be moved.
     *
     * @throws RefusedActException when it serves, is on trial, takes no events, or a consumer of it runs
     */
    public List<Position> positions(long target) throws SQLException {
        try {
            require(Serving.read(connection), target);
            List<Position> found = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(POSITIONS.formatted(target));
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Position(row.getString(1), row.getInt(2), row.getLong(3), row.getLong(4)));
                }
            }
            return found;
        } finally {
            connection.rollback();
        }
    }

    /**
     * Moves them, all or none.
     *
     * @param from the instant from which on records are read again, by which the watermark goes back
     * @return the act, done
     * @throws RefusedActException when it may not be done, or a position was moved since it was read; nothing was changed
     */
    public Act move(long target, List<Move> moves, Instant from, Act.Order order) throws SQLException {
        try {
            require(Serving.lock(connection), target);
            Act act = ActTable.begin(connection, Kind.REPROCESS, target, order, Act.Bounds.NONE);
            long records = 0;
            try (PreparedStatement statement = connection.prepareStatement(MOVE.formatted(target))) {
                for (Move move : moves) {
                    move(statement, move, from);
                    records += move.records();
                }
            }
            String detail =
                    "%,d records since %s are read again, in %d partitions".formatted(records, from, moves.size());
            ActTable.end(connection, act, Outcome.DONE, detail);
            connection.commit();
            return act.ended(null, Outcome.DONE, detail);
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    private static void move(PreparedStatement statement, Move move, Instant from) throws SQLException {
        Position position = move.position();
        statement.setLong(1, move.to());
        statement.setLong(2, move.to());
        statement.setLong(3, move.records());
        statement.setObject(4, from.atOffset(ZoneOffset.UTC));
        statement.setString(5, position.topic());
        statement.setInt(6, position.partition());
        statement.setLong(7, position.next());
        if (statement.executeUpdate() == 0) {
            throw new RefusedActException("%s-%d was moved meanwhile; is a consumer running?"
                    .formatted(position.topic(), position.partition()));
        }
    }

    private void require(Serving now, long target) throws SQLException {
        if (now.generation() != null && now.generation() == target) {
            throw new RefusedActException(
                    "generation %d serves, and would answer from the past; rebuild beside it: txlookup rebuild"
                            .formatted(target));
        }
        if (now.candidate() != null && now.candidate() == target) {
            throw new RefusedActException(
                    "generation %d answers %d %% of the lookups; take that back first: txlookup generation rollback"
                            .formatted(target, now.share()));
        }
        try (PreparedStatement statement = connection.prepareStatement(STATE)) {
            statement.setLong(1, target);
            try (ResultSet row = statement.executeQuery()) {
                String state = row.next() ? row.getString(1) : null;
                if (!"READY".equals(state) && !"CATCHING_UP".equals(state)) {
                    throw new RefusedActException(
                            state == null
                                    ? "there is no generation %d; txlookup generation list shows all".formatted(target)
                                    : "generation %d is %s and takes no events".formatted(target, state));
                }
            }
        }
        String consuming = ProcessTable.consuming(connection, target);
        if (consuming != null) {
            throw new RefusedActException(
                    "a consumer of generation %d runs, at %s; stop it first, it counts as gone after 5 s"
                            .formatted(target, consuming));
        }
    }
}

package txlookup.apply.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.DeadLetterRun.Action;

/** The orders to replay and discard dead letters: each is one row, there before its work begins. */
public final class DeadLetterRuns {
    /** Replays after which a dead letter is left alone unless it is named by its number: it will not mend by itself. */
    public static final int MOST_ATTEMPTS = 5;

    private static final String INSERT = """
            INSERT INTO bo.dead_letter_run
                (generation, action, actor, note, dry_run, only_ids, only_reason, only_source, runner)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING run_id""";

    private static final String CHOOSE = """
            UPDATE bo.dead_letter SET state = 'REPLAYING', run_id = ?
            FROM bo.coverage WHERE coverage.source_id = dead_letter.source_id AND %s
              AND state = 'OPEN' AND (?::bigint[] IS NOT NULL OR dead_letter.attempts < %d)""".formatted(DeadLetters.SELECTED, MOST_ATTEMPTS);

    private static final String DISCARD = """
            UPDATE bo.dead_letter
            SET state = 'DISCARDED', run_id = ?, settled_at = clock_timestamp(), settled_by = ?, note = ?
            FROM bo.coverage WHERE coverage.source_id = dead_letter.source_id AND %s AND state = 'OPEN'""".formatted(DeadLetters.SELECTED);

    private static final String ADD = """
            UPDATE bo.dead_letter_run SET
                selected = selected + ?, resolved = resolved + ?, superseded = superseded + ?, refused = refused + ?,
                discarded = discarded + ?, ended_at = CASE WHEN ? THEN clock_timestamp() END
            WHERE run_id = ?""";

    private static final String COLUMNS = """
            SELECT run_id, generation, action, actor, note, dry_run, only_ids, only_reason, only_source, selected,
                   resolved, superseded, refused, discarded, requested_at, ended_at FROM bo.dead_letter_run
            """;

    private static final String FIND = COLUMNS + "WHERE run_id = ?";

    private static final String LIST = COLUMNS + "WHERE generation = ? ORDER BY run_id DESC LIMIT ?";

    private static final String TAKE = """
            UPDATE bo.dead_letter_run SET runner = ? WHERE run_id = (
                SELECT run_id FROM bo.dead_letter_run WHERE runner IS NULL AND ended_at IS NULL AND generation = ?
                ORDER BY run_id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING run_id""";

    private final DataSource connections;

    public DeadLetterRuns(DataSource connections) {
        this.connections = connections;
    }

    /**
     * Orders a replay. From then on what it chose counts for it, whatever happens to the process; a dry run chooses
     * nothing, and reads what is open as it goes.
     *
     * @param runner who carries it out; null for whichever consumer of the generation sees it first
     */
    public DeadLetterRun beginReplay(
            DeadLetterSelection selection, String actor, boolean dryRun, @Nullable String runner) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            long id = insert(connection, Action.REPLAY, selection, actor, null, dryRun, runner);
            int chosen = dryRun ? 0 : choose(connection, id, selection);
            add(connection, id, chosen, 0, 0, 0, 0, false);
            connection.commit();
            return find(id).orElseThrow();
        }
    }

    /**
     * Discards open dead letters, all or none.
     *
     * @param note why they are not wanted
     */
    public DeadLetterRun discard(DeadLetterSelection selection, String actor, String note) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            long id = insert(connection, Action.DISCARD, selection, actor, note, false, actor);
            int discarded;
            try (PreparedStatement statement = connection.prepareStatement(DISCARD)) {
                statement.setLong(1, id);
                statement.setString(2, actor);
                statement.setString(3, note);
                DeadLetters.bind(statement, 4, selection);
                discarded = statement.executeUpdate();
            }
            add(connection, id, discarded, 0, 0, 0, discarded, true);
            connection.commit();
            return find(id).orElseThrow();
        }
    }

    /** Adds what a batch of a run came to. */
    public void add(long runId, Replayed batch) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            add(connection, runId, 0, batch.resolved(), batch.superseded(), batch.refused(), batch.discarded(), false);
            connection.commit();
        }
    }

    /** Ends a run; what it chose is settled or open again. */
    public DeadLetterRun end(long runId) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            add(connection, runId, 0, 0, 0, 0, 0, true);
            connection.commit();
        }
        return find(runId).orElseThrow();
    }

    /** Takes the oldest run of a generation that was ordered without saying who carries it out; empty when none waits. */
    public Optional<DeadLetterRun> takeWaiting(long generation, String runner) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setString(1, runner);
            statement.setLong(2, generation);
            Optional<Long> id;
            try (ResultSet row = statement.executeQuery()) {
                id = row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
            connection.commit();
            return id.isPresent() ? find(id.get()) : Optional.empty();
        }
    }

    /** One run by its number. */
    public Optional<DeadLetterRun> find(long id) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setLong(1, id);
            return read(connection, statement).stream().findFirst();
        }
    }

    /** The latest runs of a generation, newest first. */
    public List<DeadLetterRun> latest(long generation, int limit) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setLong(1, generation);
            statement.setInt(2, limit);
            return read(connection, statement);
        }
    }

    private static long insert(
            Connection connection,
            Action action,
            DeadLetterSelection selection,
            String actor,
            @Nullable String note,
            boolean dryRun,
            @Nullable String runner)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setLong(1, selection.generation());
            statement.setString(2, action.name());
            statement.setString(3, actor);
            statement.setString(4, note);
            statement.setBoolean(5, dryRun);
            statement.setArray(6, DeadLetters.idsOrNull(connection, selection));
            statement.setString(7, selection.reason());
            statement.setString(8, selection.source());
            statement.setString(9, runner);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static int choose(Connection connection, long runId, DeadLetterSelection selection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHOOSE)) {
            statement.setLong(1, runId);
            int next = DeadLetters.bind(statement, 2, selection);
            statement.setArray(next, DeadLetters.idsOrNull(connection, selection));
            return statement.executeUpdate();
        }
    }

    private static void add(
            Connection connection,
            long runId,
            long selected,
            long resolved,
            long superseded,
            long refused,
            long discarded,
            boolean ends)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setLong(1, selected);
            statement.setLong(2, resolved);
            statement.setLong(3, superseded);
            statement.setLong(4, refused);
            statement.setLong(5, discarded);
            statement.setBoolean(6, ends);
            statement.setLong(7, runId);
            statement.executeUpdate();
        }
    }

    private static List<DeadLetterRun> read(Connection connection, PreparedStatement statement) throws SQLException {
        List<DeadLetterRun> runs = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                runs.add(run(row));
            }
        }
        connection.rollback();
        return runs;
    }

    private static DeadLetterRun run(ResultSet row) throws SQLException {
        Array ids = row.getArray("only_ids");
        OffsetDateTime endedAt = row.getObject("ended_at", OffsetDateTime.class);
        return new DeadLetterRun(
                row.getLong("run_id"),
                Action.valueOf(row.getString("action")),
                row.getString("actor"),
                row.getString("note"),
                row.getBoolean("dry_run"),
                new DeadLetterSelection(
                        row.getLong("generation"),
                        ids == null ? List.of() : Arrays.asList((Long[]) ids.getArray()),
                        row.getString("only_reason"),
                        row.getString("only_source")),
                row.getLong("selected"),
                row.getLong("resolved"),
                row.getLong("superseded"),
                row.getLong("refused"),
                row.getLong("discarded"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                endedAt == null ? null : endedAt.toInstant());
    }
}

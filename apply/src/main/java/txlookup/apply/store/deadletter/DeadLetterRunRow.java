package txlookup.apply.store.deadletter;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.deadletter.DeadLetterRun.Action;

/** Reads runs as they are stored. */
final class DeadLetterRunRow {
    private static final String COLUMNS = """
            SELECT run_id, action, actor, note, dry_run, patch, per_second, only_ids, only_reason, only_source,
                   selected, resolved, superseded, refused, discarded, takes, tries, runner, leased_until, up_to, done_to,
                   failure, requested_at, ended_at FROM dead_letter_run
            """;

    static final String FIND = COLUMNS + "WHERE run_id = ?";

    static final String LIST = COLUMNS + "ORDER BY run_id DESC LIMIT ?";

    private DeadLetterRunRow() {}

    static List<DeadLetterRun> read(Connection connection, PreparedStatement statement) throws SQLException {
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
        DeadLetterSelection selection = new DeadLetterSelection(
                ids == null ? List.of() : Arrays.asList((Long[]) ids.getArray()),
                row.getString("only_reason"),
                row.getString("only_source"));
        return new DeadLetterRun(
                row.getLong("run_id"),
                new DeadLetterOrder(
                        Action.valueOf(row.getString("action")),
                        selection,
                        row.getString("actor"),
                        row.getString("note"),
                        row.getBoolean("dry_run"),
                        row.getString("patch"),
                        row.getInt("per_second")),
                row.getLong("selected"),
                row.getLong("resolved"),
                row.getLong("superseded"),
                row.getLong("refused"),
                row.getLong("discarded"),
                row.getInt("takes"),
                row.getInt("tries"),
                row.getString("runner"),
                instant(row, "leased_until"),
                row.getLong("up_to"),
                row.getLong("done_to"),
                row.getString("failure"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                instant(row, "ended_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

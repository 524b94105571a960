package txlookup.api.console.deadletter;

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
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.api.generation.GenerationStore;
import txlookup.api.web.ProblemException;

/** Reads the dead letters of one generation and the orders about them. */
final class DeadLetterReads {
    /** Letters on a page; with the form's other fields no more than a request may have. */
    static final int PAGE = 20;

    /** So many of the newest are counted by group: a page must come up also while very many fail. */
    static final int GROUPED = 20_000;

    static final int DETAILS_GROUPED = 5_000;

    /** So many are looked at for one page, however few of them fit. */
    static final int EXAMINED = 20_000;

    private static final int LATEST_RUNS = 8;

    private static final String COLUMNS = """
            SELECT d.dead_letter_id, c.name, c.partition, d.position, d.record_time, d.reason, d.detail,
                   d.state, d.attempts, d.failed_at, d.settled_at, d.settled_by, d.note, d.run_id,
            """;

    // A key may be as long as a record.
    private static final String LIST = COLUMNS + """
                   substring(d.record_key FROM 1 FOR 256) AS record_key, octet_length(d.record_key) AS key_bytes,
                   NULL::bytea AS record_value, NULL::text AS record_headers
            FROM (SELECT * FROM dead_letter WHERE %s AND dead_letter_id < ? ORDER BY dead_letter_id DESC LIMIT %d) d
            JOIN coverage c ON c.source_id = d.source_id
            WHERE (?::text IS NULL OR d.reason = ?) AND (?::text IS NULL OR c.name = ?)
            ORDER BY d.dead_letter_id DESC LIMIT ?""";

    private static final String END_OF_EXAMINED = """
            SELECT dead_letter_id FROM dead_letter WHERE %s AND dead_letter_id < ?
            ORDER BY dead_letter_id DESC OFFSET %d LIMIT 1""";

    // As the partial index says it: a parameter would not do.
    private static final String ARE_UNSETTLED = "state IN ('OPEN', 'REPLAYING')";

    private static final String ONE = COLUMNS + """
                   d.record_key, NULL::integer AS key_bytes, d.record_value, d.record_headers::text
            FROM dead_letter d JOIN coverage c ON c.source_id = d.source_id WHERE d.dead_letter_id = ?""";

    private static final String GROUPS = """
            SELECT c.name, d.reason, d.state, count(*)
            FROM (SELECT source_id, reason, state FROM dead_letter ORDER BY dead_letter_id DESC LIMIT %d) d
            JOIN coverage c ON c.source_id = d.source_id
            GROUP BY c.name, d.reason, d.state ORDER BY count(*) DESC, c.name, d.reason, d.state""".formatted(GROUPED);

    private static final String DETAILS = """
            SELECT dead_letter_id, reason, detail FROM dead_letter WHERE state IN ('OPEN', 'REPLAYING')
            ORDER BY dead_letter_id DESC LIMIT %d""".formatted(DETAILS_GROUPED);

    private static final String RUNS = """
            SELECT run_id, action, actor, note, dry_run, trial_id, patch, only_ids, only_reason, only_source, runner, selected,
                   resolved, superseded, refused, discarded, requested_at, ended_at, failure,
                   takes_two, second_actor,
                   coalesce(leased_until >= clock_timestamp(), false) AS held FROM dead_letter_run
            """;

    private static final String RUN = RUNS + "WHERE run_id = ?";

    private static final String LATEST = RUNS + "ORDER BY run_id DESC LIMIT ?";

    private final long generation;
    private final DataSource database;

    DeadLetterReads(GenerationStore generation) {
        this.generation = generation.generation();
        this.database = generation.connections();
    }

    /** How many of the newest {@value #GROUPED} share source, reason and state. */
    record Group(String source, String reason, String state, long count) {}

    /** At most {@link #PAGE} and one more, newest first, with numbers below {@code below}. */
    List<MaskedDeadLetter> list(DeadLetterFilter selection, List<String> states, long below) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(LIST.formatted(are(states), EXAMINED))) {
            statement.setLong(1, below);
            statement.setString(2, selection.reason());
            statement.setString(3, selection.reason());
            statement.setString(4, selection.source());
            statement.setString(5, selection.source());
            statement.setInt(6, PAGE + 1);
            return letters(statement);
        }
    }

    /** Behind which number a list goes on that looked at {@value #EXAMINED} and found too few; empty at the end. */
    Optional<Long> endOfExamined(List<String> states, long below) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(END_OF_EXAMINED.formatted(are(states), EXAMINED - 1))) {
            statement.setLong(1, below);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    /** @param states of those that there are, so they can stand in a statement */
    private static String are(List<String> states) {
        String one = states.stream().collect(Collectors.joining("', '", "state IN ('", "')"));
        return one.equals("state IN ('OPEN')") ? ARE_UNSETTLED + " AND " + one : one;
    }

    Optional<MaskedDeadLetter> one(long id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ONE)) {
            statement.setLong(1, id);
            return letters(statement).stream().findFirst();
        }
    }

    List<Group> groups() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(GROUPS)) {
            List<Group> groups = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    groups.add(new Group(row.getString(1), row.getString(2), row.getString(3), row.getLong(4)));
                }
            }
            return groups;
        }
    }

    Optional<DeadLetterRunView> run(long id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(RUN)) {
            statement.setLong(1, id);
            return runs(statement).stream().findFirst();
        }
    }

    /** @throws ProblemException 400 when it is no trial of the last day that has ended with something to replay */
    long requireTriedOut(long id) throws SQLException {
        return run(id).filter(trial -> trial.isTriedOut(Instant.now()))
                .map(DeadLetterRunView::id)
                .orElseThrow(() -> ProblemException.badParameter(
                        "id", "not a trial of the last day that has ended with something to replay; try it out first"));
    }

    /** The newest that are open, grouped by what is said of them; of very many the newest {@value #DETAILS_GROUPED}. */
    List<ErrorGroup> errors() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(DETAILS)) {
            List<ErrorGroup.Letter> letters = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    letters.add(new ErrorGroup.Letter(row.getLong(1), row.getString(2), row.getString(3)));
                }
            }
            return ErrorGroup.of(letters);
        }
    }

    List<DeadLetterRunView> latestRuns() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(LATEST)) {
            statement.setInt(1, LATEST_RUNS);
            return runs(statement);
        }
    }

    private List<MaskedDeadLetter> letters(PreparedStatement statement) throws SQLException {
        List<MaskedDeadLetter> letters = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                int partition = row.getInt("partition");
                String headers = row.getString("record_headers");
                letters.add(new MaskedDeadLetter(
                        row.getLong("dead_letter_id"),
                        generation,
                        row.getString("name"),
                        partition < 0 ? null : partition,
                        row.getLong("position"),
                        row.getObject("record_time", OffsetDateTime.class).toInstant(),
                        row.getString("reason"),
                        row.getString("detail"),
                        row.getString("state"),
                        row.getInt("attempts"),
                        row.getObject("failed_at", OffsetDateTime.class).toInstant(),
                        instant(row, "settled_at"),
                        row.getString("settled_by"),
                        row.getString("note"),
                        row.getObject("run_id", Long.class),
                        key(row),
                        MaskedPayload.of(row.getBytes("record_value")),
                        headers == null ? null : MaskedPayload.headers(headers)));
            }
        }
        return letters;
    }

    private static @Nullable String key(ResultSet row) throws SQLException {
        Integer all = row.getObject("key_bytes", Integer.class);
        byte[] key = row.getBytes("record_key");
        return all == null ? MaskedPayload.of(key) : MaskedPayload.inList(key, all);
    }

    private List<DeadLetterRunView> runs(PreparedStatement statement) throws SQLException {
        List<DeadLetterRunView> runs = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Array ids = row.getArray("only_ids");
                runs.add(new DeadLetterRunView(
                        row.getLong("run_id"),
                        generation,
                        row.getString("action"),
                        row.getString("actor"),
                        row.getString("note"),
                        row.getBoolean("dry_run"),
                        row.getObject("trial_id", Long.class),
                        MaskedPayload.text(row.getString("patch")),
                        ids == null ? List.of() : Arrays.asList((Long[]) ids.getArray()),
                        row.getString("only_reason"),
                        row.getString("only_source"),
                        row.getString("runner"),
                        row.getBoolean("held"),
                        row.getLong("selected"),
                        row.getLong("resolved"),
                        row.getLong("superseded"),
                        row.getLong("refused"),
                        row.getLong("discarded"),
                        row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                        instant(row, "ended_at"),
                        row.getString("failure"),
                        row.getBoolean("takes_two"),
                        row.getString("second_actor")));
            }
        }
        return runs;
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

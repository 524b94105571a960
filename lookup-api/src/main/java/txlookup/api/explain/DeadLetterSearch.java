package txlookup.api.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/**
 * Finds unsettled dead letters that name an id: all whose record key is the id, and of the newest
 * {@value #VALUES_SEARCHED} those whose value holds it.
 */
public final class DeadLetterSearch {
    static final int VALUES_SEARCHED = 5_000;

    /** Shown at most. */
    static final int MOST = 20;

    /** Long values take long to search, and a payment's page does not wait for them. */
    private static final int LONGEST_SECONDS = 1;

    private static final String CANCELLED = "57014";

    private static final String COLUMNS = """
            d.dead_letter_id, d.reason, d.state, d.failed_at, d.position, c.kind, c.name, c.partition""";

    static final String BY_KEY = """
            SELECT %s, NULL::bytea AS record_value
            FROM dead_letter d JOIN coverage c ON c.source_id = d.source_id
            WHERE d.state IN ('OPEN', 'REPLAYING') AND substring(d.record_key FROM 1 FOR 1000) = ? AND d.record_key = ?
            ORDER BY d.dead_letter_id DESC LIMIT %d""".formatted(COLUMNS, MOST);

    static final String BY_VALUE = """
            WITH newest AS MATERIALIZED (
                SELECT * FROM dead_letter d WHERE d.state IN ('OPEN', 'REPLAYING')
                ORDER BY d.dead_letter_id DESC LIMIT %2$d)
            SELECT %1$s, substring(d.record_value FROM greatest(position(? IN d.record_value) - 1, 1) FOR 65536) AS record_value
            FROM newest d JOIN coverage c ON c.source_id = d.source_id
            WHERE position(? IN d.record_value) > 0 AND d.record_key IS DISTINCT FROM ?
            ORDER BY d.dead_letter_id DESC LIMIT %3$d""".formatted(COLUMNS, VALUES_SEARCHED, MOST * 5);

    private static final String MORE_THAN_SEARCHED = """
            SELECT count(*) > %1$d FROM (
                SELECT 1 FROM dead_letter WHERE state IN ('OPEN', 'REPLAYING') LIMIT %1$d + 1) AS unsettled""".formatted(VALUES_SEARCHED);

    /**
     * A dead letter that names the id.
     *
     * @param foundIn {@code record_key} or {@code record_value}
     */
    public record Found(
            long deadLetterId,
            String reason,
            String state,
            String foundIn,
            @Nullable Long generation,
            String source,
            String sourceName,
            @Nullable Integer partition,
            long position,
            Instant failedAt) {}

    record Search(List<Found> found, boolean allSearched) {}

    private DeadLetterSearch() {}

    /** Never longer than {@value #LONGEST_SECONDS} s: what was found until then is shown, and that not all was searched. */
    static Search naming(long generation, Connection connection, String id) throws SQLException {
        List<Found> found = new ArrayList<>();
        try {
            boolean all = search(generation, connection, id, found);
            return new Search(found.stream().limit(MOST).toList(), all);
        } catch (SQLException e) {
            if (CANCELLED.equals(e.getSQLState())) {
                return new Search(found.stream().limit(MOST).toList(), false);
            }
            throw e;
        }
    }

    private static boolean search(long generation, Connection connection, String id, List<Found> found)
            throws SQLException {
        byte[] bytes = id.getBytes(UTF_8);
        try (PreparedStatement statement = connection.prepareStatement(BY_KEY)) {
            byte[] start = bytes.length <= 1_000 ? bytes : Arrays.copyOf(bytes, 1_000);
            statement.setBytes(1, start);
            statement.setBytes(2, bytes);
            add(generation, statement, "record_key", bytes, found);
        }
        try (PreparedStatement statement = connection.prepareStatement(BY_VALUE)) {
            statement.setQueryTimeout(LONGEST_SECONDS);
            statement.setBytes(1, bytes);
            statement.setBytes(2, bytes);
            statement.setBytes(3, bytes);
            add(generation, statement, "record_value", bytes, found);
        }
        try (PreparedStatement statement = connection.prepareStatement(MORE_THAN_SEARCHED);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return !row.getBoolean(1);
        }
    }

    private static void add(long generation, PreparedStatement statement, String foundIn, byte[] id, List<Found> found)
            throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                byte[] value = row.getBytes("record_value");
                if (value == null || holdsWhole(value, id)) {
                    found.add(found(generation, row, foundIn));
                }
            }
        }
    }

    /** Whether the id stands there by itself, and not as a part of a longer one. */
    public static boolean holdsWhole(byte[] value, byte[] id) {
        for (int at = 0; at + id.length <= value.length; at++) {
            if (Arrays.equals(value, at, at + id.length, id, 0, id.length)
                    && (at == 0 || endsId(value[at - 1]))
                    && (at + id.length == value.length || endsId(value[at + id.length]))) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsId(byte next) {
        boolean letter = (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z') || next < 0;
        boolean digit = next >= '0' && next <= '9';
        return !letter && !digit && next != '-' && next != '_' && next != '.';
    }

    private static Found found(long generation, ResultSet row, String foundIn) throws SQLException {
        int partition = row.getInt("partition");
        return new Found(
                row.getLong("dead_letter_id"),
                row.getString("reason"),
                row.getString("state"),
                foundIn,
                generation,
                row.getString("kind"),
                row.getString("name"),
                partition < 0 ? null : partition,
                row.getLong("position"),
                row.getObject("failed_at", OffsetDateTime.class).toInstant());
    }
}

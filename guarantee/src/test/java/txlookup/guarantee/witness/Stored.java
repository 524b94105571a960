package txlookup.guarantee.witness;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.guarantee.Trial;

/** What the store says, read past the product's own code. */
public final class Stored {
    private static final String LEDGER_ENTRIES =
            """
            SELECT tx_id, wallet_id, entry_type, amount, amount_signed, related_id, related_type, %s, %s, %s, version,
                   %s, digest, source_position, source_id
            FROM ledger_entry""".formatted(micros("event_time"), micros("created_at"), micros("updated_at"), micros("source_time"));

    private static final String PAYMENT_ORDERS =
            """
            SELECT order_id, user_id, merchant_name, amount, status, %s, %s, version,
                   %s, digest, source_position, source_id
            FROM payment_order""".formatted(micros("created_at"), micros("updated_at"), micros("source_time"));

    private static final String SOURCES =
            "SELECT source_id, CASE kind WHEN 'REPLAY' THEN kind ELSE partition::text END FROM coverage";

    private static final String DEAD_LETTERS = """
            SELECT CASE WHEN name LIKE '%-ledger' THEN 'ledger-' ELSE 'orders-' END || partition || '@' || position,
                   reason, record_key, record_value
            FROM dead_letter JOIN coverage USING (source_id) WHERE state NOT IN ('RESOLVED', 'SUPERSEDED')""";

    private static final String CONSUMED =
            "SELECT coalesce(sum(next_position - start_position), 0) FROM coverage WHERE kind = 'STREAM'";

    private static final String SET_ASIDE = """
            SELECT count(*) FROM dead_letter WHERE position('NAME'::bytea IN record_key) = 1""";

    private static final String APPLIED = "SELECT count(*) FROM ledger_entry WHERE tx_id LIKE 'NAME%'";

    private static final String STOPPED =
            "SELECT stopped_reason FROM coverage WHERE stopped_at IS NOT NULL AND name = ?";

    /** The origin of a row that a replay brought. */
    public static final String REPLAYED = "REPLAY";

    private Stored() {}

    private static String micros(String column) {
        return "(extract(epoch FROM %s) * 1000000)::bigint".formatted(column);
    }

    /**
     * A dead letter as it is kept.
     *
     * @param place of the record, as {@code TrialEvent.place}
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared one by one.
    public record DeadLetter(String place, String reason, byte[] key, byte[] value) {}

    public static Map<String, List<String>> ledgerEntries(Trial trial) throws SQLException {
        return rows(trial, LEDGER_ENTRIES, "ledger-");
    }

    public static Map<String, List<String>> paymentOrders(Trial trial) throws SQLException {
        return rows(trial, PAYMENT_ORDERS, "orders-");
    }

    /** Why a partition of the topic is stopped; null while none is. */
    public static @Nullable String stopped(Trial trial, String topic) throws SQLException {
        try (Connection connection = trial.servers.connect(trial.name);
                PreparedStatement statement = connection.prepareStatement(STOPPED)) {
            statement.setString(1, topic);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /**
     * Each row's columns by its key, which is the first of them; the last says where it comes from. Sources are read by
     * themselves, for rows may be on other servers than those.
     */
    private static Map<String, List<String>> rows(Trial trial, String sql, String topic) throws SQLException {
        try (Connection connection = trial.servers.connect(trial.name);
                Statement statement = connection.createStatement()) {
            Map<Integer, String> sources = sources(statement);
            Map<String, List<String>> rows = new TreeMap<>();
            try (ResultSet row = statement.executeQuery(sql)) {
                int last = row.getMetaData().getColumnCount();
                while (row.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int column = 1; column < last - 1; column++) {
                        columns.add(row.getString(column));
                    }
                    String source = sources.getOrDefault(row.getInt(last), "no source");
                    columns.add(source.equals(REPLAYED) ? REPLAYED : topic + source + "@" + row.getString(last - 1));
                    rows.put(row.getString(1), columns);
                }
            }
            return rows;
        }
    }

    /** The partition of each source, or {@link #REPLAYED}. */
    private static Map<Integer, String> sources(Statement statement) throws SQLException {
        Map<Integer, String> sources = new HashMap<>();
        try (ResultSet row = statement.executeQuery(SOURCES)) {
            while (row.next()) {
                sources.put(row.getInt(1), row.getString(2));
            }
        }
        return sources;
    }

    public static List<DeadLetter> deadLetters(Trial trial) throws SQLException {
        try (Connection connection = trial.servers.connect(trial.name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(DEAD_LETTERS)) {
            List<DeadLetter> deadLetters = new ArrayList<>();
            while (row.next()) {
                deadLetters.add(new DeadLetter(row.getString(1), row.getString(2), row.getBytes(3), row.getBytes(4)));
            }
            return deadLetters;
        }
    }

    /** How many records the coverage says are behind it. */
    public static long consumed(Trial trial) throws SQLException {
        return number(trial, CONSUMED);
    }

    /** How many events whose ids begin so, one of each id, are applied or set aside. */
    public static long met(Trial trial, String name) throws SQLException {
        return number(trial, SET_ASIDE.replace("NAME", name)) + number(trial, APPLIED.replace("NAME", name));
    }

    /** The first column of every row, as lines. */
    public static String all(Trial trial, String sql) throws SQLException {
        try (Connection connection = trial.servers.connect(trial.name)) {
            return strings(connection, sql).stream().map(line -> line + '\n').collect(Collectors.joining());
        }
    }

    /** The first column of every row. */
    static List<String> strings(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> strings = new ArrayList<>();
            while (row.next()) {
                strings.add(row.getString(1));
            }
            return strings;
        }
    }

    public static long number(Trial trial, String sql) throws SQLException {
        return Long.parseLong(all(trial, sql).strip());
    }

    /** Details that the contract does not allow: control characters, or too long. */
    public static String badDetails(Trial trial) throws SQLException {
        return all(trial, "SELECT detail FROM dead_letter WHERE detail ~ '[[:cntrl:]]' OR length(detail) > 500");
    }

    public static void execute(Trial trial, String sql) throws SQLException {
        try (Connection connection = trial.servers.connect(trial.name);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

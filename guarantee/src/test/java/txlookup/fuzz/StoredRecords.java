package txlookup.fuzz;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.fuzz.input.FuzzInput.Topic;
import txlookup.fuzz.model.ContractJudgement;
import txlookup.fuzz.model.ContractTypes;
import txlookup.fuzz.model.Fold;

/** What the store says, read past the product's own code, held against a fold. */
final class StoredRecords {
    /** The columns of {@link Fold#columns}, then where the row comes from. */
    static final String LEDGER_ENTRIES =
            """
            SELECT tx_id, wallet_id, entry_type, amount, amount_signed, related_id, related_type, %s, %s, %s, version,
                   %s, digest, source_position, source_id
            FROM ledger_entry""".formatted(micros("event_time"), micros("created_at"), micros("updated_at"), micros("source_time"));

    static final String PAYMENT_ORDERS =
            """
            SELECT order_id, user_id, merchant_name, amount, status, %s, %s, version, %s, digest, source_position, source_id
            FROM payment_order""".formatted(micros("created_at"), micros("updated_at"), micros("source_time"));

    private static final String DEAD_LETTERS = """
            SELECT name, position, reason, %s, record_key, record_value, record_headers IS NOT NULL
            FROM dead_letter JOIN coverage USING (source_id)""".formatted(micros("record_time"));

    private static final String FORGET = "TRUNCATE ledger_entry, payment_order, dead_letter";

    private final DataSource connections;

    StoredRecords(DataSource connections) {
        this.connections = connections;
    }

    static String micros(String column) {
        return "(extract(epoch FROM %s) * 1000000)::bigint".formatted(column);
    }

    void compare(Fold wanted) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            compareRows(statement, LEDGER_ENTRIES, wanted, Topic.LEDGER);
            compareRows(statement, PAYMENT_ORDERS, wanted, Topic.ORDERS);
            compareDeadLetters(statement, wanted);
            connection.rollback();
        }
    }

    private static void compareRows(Statement statement, String sql, Fold fold, Topic topic) throws SQLException {
        Set<String> missing = new HashSet<>(fold.rows(topic).keySet());
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<@Nullable String> seen = columns(row);
                missing.remove(seen.get(0));
                Fold.Wanted wanted = fold.rows(topic).get(seen.get(0));
                if (wanted == null
                        || !seen.equals(Fold.columns(wanted.row()))
                        || !wanted.positions().contains(row.getLong("source_position"))) {
                    throw new AssertionError("stored %s of record %d, wanted %s"
                            .formatted(seen, row.getLong("source_position"), wanted));
                }
            }
        }
        if (!missing.isEmpty()) {
            String key = missing.iterator().next();
            throw new AssertionError("%d rows are not stored, such as %s"
                    .formatted(missing.size(), fold.rows(topic).get(key)));
        }
    }

    /** All but where the row comes from. */
    static List<@Nullable String> columns(ResultSet row) throws SQLException {
        List<@Nullable String> columns = new ArrayList<>();
        for (int column = 1; column <= row.getMetaData().getColumnCount() - 2; column++) {
            columns.add(row.getString(column));
        }
        return columns;
    }

    private static void compareDeadLetters(Statement statement, Fold fold) throws SQLException {
        int seen = 0;
        try (ResultSet row = statement.executeQuery(DEAD_LETTERS)) {
            while (row.next()) {
                seen++;
                Fold.Dead wanted = fold.dead(Topic.valueOf(row.getString(1))).get(row.getLong(2));
                String saw = "%s at %s".formatted(row.getString(3), row.getLong(4));
                if (wanted == null || !isOf(row, wanted)) {
                    throw new AssertionError("the dead letter at %s %d is %s, wanted %s"
                            .formatted(
                                    row.getString(1),
                                    row.getLong(2),
                                    saw,
                                    wanted == null ? null : wanted.reason() + " of " + Corpus.line(wanted.input())));
                }
            }
        }
        int wanted = Arrays.stream(Topic.values())
                .mapToInt(topic -> fold.dead(topic).size())
                .sum();
        if (seen != wanted) {
            throw new AssertionError("%d dead letters, wanted %d".formatted(seen, wanted));
        }
    }

    private static boolean isOf(ResultSet row, Fold.Dead wanted) throws SQLException {
        Instant kept = ContractTypes.storable(wanted.input().time());
        return row.getString(3).equals(wanted.reason())
                && row.getString(4).equals(ContractJudgement.Row.shown(kept))
                && Arrays.equals(row.getBytes(5), wanted.input().key())
                && Arrays.equals(row.getBytes(6), wanted.input().value())
                && row.getBoolean(7) == !wanted.input().headers().isEmpty();
    }

    void forget() throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(FORGET);
            connection.commit();
        }
    }
}

package txlookup.apply.store.pairing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.sql.Statements;

/**
 * Whether the list of open payments says what the entries say. It is right in every snapshot but for what is due, so a
 * difference needs no second look. Read in ranges, a transaction each, so that no snapshot grows old.
 */
public final class OpenPaymentsCheck {
    private static final int RANGE_ROWS = 200_000;
    private static final int MOST_NAMED = 1_000;
    private static final int LOOKS = 3;

    private static final String NO_HURRY = "SET LOCAL statement_timeout = 0; SET LOCAL jit = off";

    private static final String END_OF_RANGE = """
            SELECT related_id FROM ledger_entry WHERE related_id > ? AND related_id IS NOT NULL
            ORDER BY related_id OFFSET %d LIMIT 1""".formatted(RANGE_ROWS);

    private static final String WRONG = """
            WITH candidate AS MATERIALIZED (%1$s), expected AS MATERIALIZED (
                SELECT * FROM (%2$s) AS looked_at WHERE is_open
            ), listed AS (
                SELECT since, order_id, missing, tx_id, amount, merchant_name FROM open_payment WHERE order_id > ?%3$s
            ), soon AS (
                SELECT unnest(payment_ids || receive_ids || order_ids || other_ids) AS id FROM pairing_due)
            SELECT coalesce(expected.order_id, listed.order_id)
            FROM expected FULL JOIN listed ON expected.order_id = listed.order_id
            WHERE (expected.since, expected.missing, expected.tx_id, expected.amount::text, expected.merchant_name)
                IS DISTINCT FROM (listed.since, listed.missing, listed.tx_id, listed.amount::text, listed.merchant_name)
              AND NOT EXISTS (SELECT FROM soon WHERE soon.id = coalesce(expected.order_id, listed.order_id))
            ORDER BY 1 LIMIT %4$d""";

    private static final String LAST_RANGE = wrong(" AND related_id > ?", "");

    private static final String RANGE = wrong(" AND related_id > ? AND related_id <= ?", " AND order_id <= ?");

    private static final String DUE = """
            INSERT INTO pairing_due (payment_ids, receive_ids, order_ids, other_ids) VALUES ('{}', '{}', '{}', ?)""";

    private final DataSource connections;

    /** @param connections a pool for the generation, in transactions */
    public OpenPaymentsCheck(DataSource connections) {
        this.connections = connections;
    }

    private static String wrong(String entries, String listed) {
        return WRONG.formatted(
                OpenPaymentsSql.CANDIDATES.formatted(entries),
                OpenPaymentsSql.LOOKED_AT.formatted("candidate"),
                listed,
                MOST_NAMED);
    }

    /** The payments of which the list says something else than the entries; of very many the first. */
    public List<String> wrong() throws SQLException {
        List<String> wrong = new ArrayList<>();
        String after = "";
        do {
            String from = after;
            String to = Statements.inOneTransaction(connections, connection -> endOfRange(connection, from));
            wrong.addAll(wrongWithin(from, to));
            after = to;
        } while (after != null && wrong.size() < MOST_NAMED);
        return wrong;
    }

    /** Lets the list be mended for these. */
    public void repair(List<String> wrong) throws SQLException {
        Statements.inOneTransaction(connections, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DUE)) {
                statement.setArray(1, connection.createArrayOf("text", wrong.toArray(String[]::new)));
                return statement.executeUpdate();
            }
        });
    }

    private static @Nullable String endOfRange(Connection connection, String after) throws SQLException {
        Statements.execute(connection, NO_HURRY);
        try (PreparedStatement statement = connection.prepareStatement(END_OF_RANGE)) {
            statement.setString(1, after);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private List<String> wrongWithin(String after, @Nullable String to) throws SQLException {
        boolean isSpread = Statements.inOneTransaction(connections, NearCopy::isNeeded);
        List<String> wrong =
                Statements.inOneTransaction(connections, connection -> wrong(connection, after, to, isSpread));
        // Tables on several servers have no view in common: what changed between two statements looks wrong once.
        for (int look = 1; isSpread && look < LOOKS && !wrong.isEmpty(); look++) {
            pause();
            wrong.retainAll(Statements.inOneTransaction(connections, connection -> wrong(connection, after, to, true)));
        }
        return wrong;
    }

    private static void pause() throws SQLException {
        try {
            Thread.sleep(OpenPayments.DELAY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("The list of open payments was not looked at to its end", e);
        }
    }

    private static List<String> wrong(Connection connection, String after, @Nullable String to, boolean isSpread)
            throws SQLException {
        Statements.execute(connection, NO_HURRY);
        if (isSpread) {
            NearCopy.make(connection, to == null ? List.of(after) : List.of(after, to));
        }
        List<String> wrong = new ArrayList<>();
        String sql = to == null ? LAST_RANGE : RANGE;
        try (PreparedStatement statement = connection.prepareStatement(isSpread ? NearCopy.near(sql) : sql)) {
            int parameter = 1;
            for (int relation = 0; relation < 2; relation++) {
                statement.setString(parameter++, after);
                if (to != null) {
                    statement.setString(parameter++, to);
                }
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    wrong.add(row.getString(1));
                }
            }
        }
        return wrong;
    }
}

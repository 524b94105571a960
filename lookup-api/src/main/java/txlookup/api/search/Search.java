package txlookup.api.search;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import txlookup.api.store.Spread;

/** Finds ids by their beginning: transactions, payment orders, wallets, and for auditors correlation ids of lookups. */
public final class Search {
    public static final int MOST_OF_A_TYPE = 20;

    // Each step goes straight to the next greater id in the index, however many rows share one: a wallet with a million
    // entries costs no more than one with a single entry.
    private static final String DISTINCT_IDS = """
            WITH RECURSIVE found (id, n) AS (
                (SELECT %1$s, 1 FROM %2$s WHERE %1$s >= ? COLLATE "C" AND %1$s < ? COLLATE "C" ORDER BY %1$s LIMIT 1)
                UNION ALL
                SELECT (SELECT %1$s FROM %2$s WHERE %1$s > found.id AND %1$s < ? COLLATE "C" ORDER BY %1$s LIMIT 1), n + 1
                FROM found WHERE found.id IS NOT NULL AND n <= ?
            )
            SELECT id FROM found WHERE id IS NOT NULL LIMIT ?""";

    // Of tables that are spread a recursion is refused: each step skips the rows of the ids that it found.
    private static final String NEXT_IDS = """
            SELECT DISTINCT id FROM (
                SELECT %1$s AS id FROM ledger_entry WHERE %1$s %2$s ? AND %1$s < ? ORDER BY %1$s LIMIT 200) AS next
            ORDER BY id LIMIT ?""";

    static final String TRANSACTIONS = """
            SELECT tx_id FROM ledger_entry WHERE tx_id >= ? AND tx_id < ? ORDER BY tx_id LIMIT ?""";

    static final String WALLETS = DISTINCT_IDS.formatted("wallet_id", "ledger_entry");

    // Also orders that are known only from their entries.
    static final String ENTRIES_ORDERS = DISTINCT_IDS.formatted("related_id", "ledger_entry");

    static final String ORDERS = """
            SELECT order_id FROM payment_order WHERE order_id >= ? AND order_id < ? ORDER BY order_id LIMIT ?""";

    static final String CORRELATIONS = DISTINCT_IDS.formatted("correlation_id COLLATE \"C\"", "bo.audit");

    private final DataSource database;
    private final Spread spread = new Spread();

    public Search(DataSource database) {
        this.database = database;
    }

    /**
     * An id that begins with the text.
     *
     * @param type tx, payment_order, wallet or correlation
     * @param exact whether the id is the text itself, not only begins with it
     */
    public record Hit(String type, String id, boolean exact, String link) {}

    /** What begins with the text. */
    public record Results(String q, List<Hit> results, int count) {}

    /**
     * At most {@link #MOST_OF_A_TYPE} of each type, in the order of their bytes, so that an exact one comes first.
     *
     * @param ofTheAudit whether correlation ids are looked for: they tell what others asked
     */
    public Results find(String q, boolean ofTheAudit) throws SQLException {
        String end = IdPrefix.end(q);
        List<Hit> hits = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            add("tx", "/admin/tx/%s", simple(connection, TRANSACTIONS, q, end), q, hits);
            List<String> orders = new ArrayList<>(simple(connection, ORDERS, q, end));
            orders.addAll(ofEntries(connection, "related_id", ENTRIES_ORDERS, q, end));
            add(
                    "payment_order",
                    "/admin/payment-orders/%s",
                    orders.stream()
                            .distinct()
                            .sorted(IdPrefix.BY_BYTES)
                            .limit(MOST_OF_A_TYPE)
                            .toList(),
                    q,
                    hits);
            add("wallet", "/admin/wallets/%s/tx", ofEntries(connection, "wallet_id", WALLETS, q, end), q, hits);
            if (ofTheAudit) {
                List<String> correlations = distinct(connection, CORRELATIONS, q, end);
                add("correlation", "/admin/audit?correlation_id=%s", correlations, q, hits);
            }
        }
        return new Results(q, hits, hits.size());
    }

    private static void add(String type, String link, List<String> ids, String q, List<Hit> hits) {
        ids.forEach(id -> hits.add(new Hit(type, id, id.equals(q), link.formatted(IdPrefix.segment(id)))));
    }

    private static List<String> simple(Connection connection, String sql, String from, String end) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, from);
            statement.setString(2, end);
            statement.setInt(3, MOST_OF_A_TYPE);
            return ids(statement);
        }
    }

    private List<String> ofEntries(Connection connection, String column, String recursion, String from, String end)
            throws SQLException {
        if (!spread.isOn(connection)) {
            return distinct(connection, recursion, from, end);
        }
        List<String> found = new ArrayList<>();
        List<String> next = simple(connection, NEXT_IDS.formatted(column, ">="), from, end);
        while (!next.isEmpty() && found.size() < MOST_OF_A_TYPE) {
            found.addAll(next);
            next = simple(connection, NEXT_IDS.formatted(column, ">"), next.get(next.size() - 1), end);
        }
        return found.subList(0, Math.min(found.size(), MOST_OF_A_TYPE));
    }

    private static List<String> distinct(Connection connection, String sql, String from, String end)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, from);
            statement.setString(2, end);
            statement.setString(3, end);
            statement.setInt(4, MOST_OF_A_TYPE);
            statement.setInt(5, MOST_OF_A_TYPE);
            return ids(statement);
        }
    }

    private static List<String> ids(PreparedStatement statement) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                ids.add(row.getString(1));
            }
        }
        return ids;
    }
}

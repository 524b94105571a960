package txlookup.api.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.store.Spread;
import txlookup.api.web.Cursor;

/**
 * The three lookups, each one statement and so one round trip and one view of the store; {@link SpreadLookups} of a store on
 * several servers.
 */
public final class LookupQueries {
    private static final String ONE_TRANSACTION = """
            SELECT * FROM ledger_entry WHERE tx_id = ?""";

    // A place for each key. Of an array the server expects ten keys before it sees them, and as it finds fewer it would
    // plan anew for every array: a quarter of all its time for a lookup.
    private static final String MANY_TRANSACTIONS = """
            SELECT * FROM ledger_entry WHERE tx_id IN (%s)""";

    static final String OF_ONE_ORDER = """
            SELECT * FROM ledger_entry WHERE related_id = ? ORDER BY event_time DESC, tx_id LIMIT ?""";

    // event_time descends while tx_id ascends, which no row comparison expresses. The first bound on event_time is
    // what the index ledger_entry_by_wallet starts from; the last condition only steps over the rows of one instant.
    static final String ONE_PAGE_OF_A_WALLET = """
            SELECT * FROM ledger_entry
            WHERE wallet_id = ? AND event_time <= ? AND event_time >= ? AND (event_time < ? OR tx_id > ?)
            ORDER BY event_time DESC, tx_id
            LIMIT ?""";

    private static final String TOTALS = """
            SELECT entry_type, count(*), sum(amount)::text FROM (
                SELECT entry_type, amount FROM ledger_entry
                WHERE wallet_id = ? AND event_time >= ? AND event_time <= ?
                ORDER BY event_time DESC LIMIT %d) AS newest
            GROUP BY entry_type ORDER BY entry_type""".formatted(WalletTotal.MOST_ENTRIES);

    // Reads an order and both sides once for each related_id among the entries, however many entries share it. Sides
    // are
    // looked for only where an entry pairs: an id that groups very many others, such as a campaign, costs nothing.
    private static final String WITH_RELATED_PAYMENTS = """
            WITH entry AS MATERIALIZED (
                %s
            ), related AS MATERIALIZED (
                SELECT r.related_id, o.order_id, o.status, o.merchant_name,
                       payment.tx_id AS payment_tx_id, payment.wallet_id AS payment_wallet_id,
                       receive.tx_id AS receive_tx_id, receive.wallet_id AS receive_wallet_id
                FROM (SELECT related_id, bool_or(%s) AS pairs FROM entry WHERE related_id IS NOT NULL GROUP BY related_id) r
                LEFT JOIN payment_order o ON o.order_id = r.related_id
                LEFT JOIN LATERAL (
                    SELECT s.tx_id, s.wallet_id FROM ledger_entry s
                    WHERE r.pairs AND s.related_id = r.related_id AND s.entry_type = 'PAYMENT'
                      AND (s.related_type = 'PAYMENT_ORDER' OR s.related_type IS NULL AND o.order_id IS NOT NULL)
                    ORDER BY s.event_time DESC, s.tx_id LIMIT 1) payment ON true
                LEFT JOIN LATERAL (
                    SELECT s.tx_id, s.wallet_id FROM ledger_entry s
                    WHERE r.pairs AND s.related_id = r.related_id AND s.entry_type = 'RECEIVE'
                      AND (s.related_type = 'PAYMENT_ORDER' OR s.related_type IS NULL AND o.order_id IS NOT NULL)
                    ORDER BY s.event_time DESC, s.tx_id LIMIT 1) receive ON true
            ), paired AS (
                SELECT e.tx_id, e.wallet_id, e.entry_type, e.amount::text, e.amount_signed::text,
                       e.related_id, e.related_type, e.event_time, e.ingested_at,
                       r.order_id, r.status, r.merchant_name,
                       r.payment_tx_id, r.payment_wallet_id, r.receive_tx_id, r.receive_wallet_id
                FROM entry e LEFT JOIN related r ON r.related_id = e.related_id
            )
            """;

    private static final String ENTRIES = WITH_RELATED_PAYMENTS + """
            SELECT * FROM paired ORDER BY event_time DESC, tx_id""";

    private static final String ORDER_WITH_ENTRIES = WITH_RELATED_PAYMENTS + """
            SELECT o.user_id AS order_user_id, o.merchant_name AS order_merchant_name,
                   o.amount::text AS order_amount, o.status AS order_status, o.created_at AS order_created_at, paired.*
            FROM payment_order o LEFT JOIN paired ON true
            WHERE o.order_id = ?
            ORDER BY paired.event_time DESC, paired.tx_id""";

    private static final String MAY_PAIR = "related_type = 'PAYMENT_ORDER' OR related_type IS NULL";

    public static final String TRANSACTION = ENTRIES.formatted(ONE_TRANSACTION, MAY_PAIR);
    // Of an order those that pair may be beyond the ones that are read.
    static final String PAYMENT_ORDER = ORDER_WITH_ENTRIES.formatted(OF_ONE_ORDER, "true");
    static final String WALLET_PAGE = ENTRIES.formatted(ONE_PAGE_OF_A_WALLET, MAY_PAIR);

    private final DataSource database;
    private final Spread spread = new Spread();
    private final BatchingLoader<PairedEntry> transactions;

    /**
     * @param database connections in autocommit, so that a lookup costs no more than its statement
     * @param patience how long one of many lookups of transactions waits for its turn
     */
    public LookupQueries(DataSource database, Duration patience) {
        this.database = database;
        this.transactions = new BatchingLoader<>(this::transactions, patience, BatchingLoader.LONG);
    }

    /** Runs each statement once: the server has parsed and planned it then, and read what it needs of its catalogue. */
    public static void prepare(Connection connection) throws SQLException {
        if (new Spread().isOn(connection)) {
            SpreadLookups.prepare(connection);
            return;
        }
        run(connection, PAYMENT_ORDER, "", 1, "");
        run(connection, WALLET_PAGE, "", OffsetDateTime.MAX, OffsetDateTime.MIN, OffsetDateTime.MAX, "", 1);
        for (int places = 1; places <= BatchingLoader.MOST; places *= 2) {
            run(
                    connection,
                    transactions(places),
                    Collections.nCopies(places, "").toArray());
        }
    }

    static void run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int parameter = 0; parameter < values.length; parameter++) {
                statement.setObject(parameter + 1, values[parameter]);
            }
            statement.executeQuery().close();
        }
    }

    public Optional<PairedEntry> transaction(String txId) throws SQLException {
        return transactions.get(txId);
    }

    /** Those of the ids that are transactions, by id. */
    public Map<String, PairedEntry> transactionsOf(List<String> txIds) throws SQLException {
        Map<String, PairedEntry> found = new HashMap<>();
        for (int from = 0; from < txIds.size(); from += BatchingLoader.MOST) {
            found.putAll(transactions(txIds.subList(from, Math.min(from + BatchingLoader.MOST, txIds.size()))));
        }
        return found;
    }

    /** How many of a wallet's newest entries are of which type, and their sums. */
    public List<WalletTotal> totals(WalletRange range) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(TOTALS)) {
            statement.setString(1, range.walletId());
            statement.setObject(2, range.from().map(LookupQueries::utc).orElse(OffsetDateTime.MIN));
            statement.setObject(3, range.to().map(LookupQueries::utc).orElse(OffsetDateTime.MAX));
            List<WalletTotal> totals = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    totals.add(new WalletTotal(row.getString(1), row.getLong(2), row.getString(3)));
                }
            }
            return totals;
        }
    }

    /** For so many keys; few different numbers are asked for, as each is a statement that is planned by itself. */
    static String transactions(int places) {
        return places == 1 ? TRANSACTION : ENTRIES.formatted(ofTransactions(places), MAY_PAIR);
    }

    static String ofTransactions(int places) {
        String marks = String.join(", ", Collections.nCopies(places, "?"));
        return places == 1 ? ONE_TRANSACTION : MANY_TRANSACTIONS.formatted(marks);
    }

    private Map<String, PairedEntry> transactions(List<String> txIds) throws SQLException {
        int places = txIds.size() == 1 ? 1 : 2 * Integer.highestOneBit(txIds.size() - 1);
        try (Connection connection = database.getConnection()) {
            String sql =
                    spread.isOn(connection) ? SpreadLookups.unpaired(ofTransactions(places)) : transactions(places);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int place = 0; place < places; place++) {
                    // The last key fills what is left.
                    statement.setString(place + 1, txIds.get(Math.min(place, txIds.size() - 1)));
                }
                return byId(entries(statement));
            }
        }
    }

    private static Map<String, PairedEntry> byId(List<PairedEntry> entries) {
        return entries.stream().collect(Collectors.toMap(PairedEntry::txId, entry -> entry));
    }

    public Optional<PairedOrder> paymentOrder(String orderId) throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (spread.isOn(connection)) {
                return SpreadLookups.order(connection, orderId);
            }
            try (PreparedStatement statement = connection.prepareStatement(PAYMENT_ORDER)) {
                statement.setString(1, orderId);
                // One more than shown tells whether there are more.
                statement.setInt(2, PairedOrder.MOST_ENTRIES + 1);
                statement.setString(3, orderId);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(PairedRows.withEntries(orderId, rows)) : Optional.empty();
                }
            }
        }
    }

    /** At most {@code limit} entries of a wallet in a time range, newest first, that come after {@code after}. */
    public List<PairedEntry> wallet(WalletRange range, Optional<Cursor> after, int limit) throws SQLException {
        Optional<Instant> newest = after.map(Cursor::eventTime).or(range::to);
        try (Connection connection = database.getConnection()) {
            String sql = spread.isOn(connection) ? SpreadLookups.unpaired(ONE_PAGE_OF_A_WALLET) : WALLET_PAGE;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, range.walletId());
                statement.setObject(2, newest.map(LookupQueries::utc).orElse(OffsetDateTime.MAX));
                statement.setObject(3, range.from().map(LookupQueries::utc).orElse(OffsetDateTime.MIN));
                statement.setObject(
                        4, after.map(Cursor::eventTime).map(LookupQueries::utc).orElse(OffsetDateTime.MAX));
                statement.setString(5, after.map(Cursor::txId).orElse(""));
                statement.setInt(6, limit);
                return entries(statement);
            }
        }
    }

    private List<PairedEntry> entries(PreparedStatement statement) throws SQLException {
        Connection connection = statement.getConnection();
        return spread.isOn(connection)
                ? SpreadLookups.entries(connection, statement)
                : PairedRows.entries(statement, PairedRows::relatedPayment);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}

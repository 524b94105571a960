package txlookup.api.query;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.api.pairing.PairingStatus;
import txlookup.api.pairing.StoredSides;
import txlookup.api.pairing.StoredSides.Leg;
import txlookup.api.query.PaymentQuery.Leading;
import txlookup.api.search.IdPrefix;
import txlookup.api.store.Spread;
import txlookup.api.web.Cursor;

/** Payment orders in the order of the index that a search reads, and their sides. */
final class SearchedOrders {
    private static final String ORDERS = """
            SELECT order_id, user_id, merchant_name, amount::text AS amount_text, status, created_at FROM payment_order
            WHERE %s AND created_at >= ? AND created_at <= ? AND (%s) < (%s)
            ORDER BY %s LIMIT ?""";

    private static final String NEWEST_FIRST = "created_at DESC, order_id DESC";

    static final String BY_USER = ORDERS.formatted("user_id = ?", "created_at, order_id", "?, ?", NEWEST_FIRST);

    static final String BY_AMOUNT = ORDERS.formatted("amount = ?", "created_at, order_id", "?, ?", NEWEST_FIRST);

    static final String BY_MERCHANT = ORDERS.formatted(
            "merchant_name >= ? AND merchant_name < ?",
            "merchant_name, created_at, order_id",
            "?, ?, ?",
            "merchant_name DESC, " + NEWEST_FIRST);

    private static final String HAVE_ENTRIES =
            "SELECT DISTINCT related_id FROM ledger_entry WHERE related_id = ANY (?)";

    private static final String SIDES = """
            SELECT o.order_id, payment.wallet_id AS sender, receive.wallet_id AS receiver,
                   EXISTS (SELECT FROM ledger_entry e WHERE e.related_id = o.order_id) AS has_entries
            FROM payment_order o
            LEFT JOIN LATERAL (
                SELECT e.wallet_id FROM ledger_entry e WHERE e.related_id = o.order_id AND e.entry_type = 'PAYMENT'
                  AND (e.related_type = 'PAYMENT_ORDER' OR e.related_type IS NULL)
                ORDER BY e.event_time DESC, e.tx_id LIMIT 1) payment ON true
            LEFT JOIN LATERAL (
                SELECT e.wallet_id FROM ledger_entry e WHERE e.related_id = o.order_id AND e.entry_type = 'RECEIVE'
                  AND (e.related_type = 'PAYMENT_ORDER' OR e.related_type IS NULL)
                ORDER BY e.event_time DESC, e.tx_id LIMIT 1) receive ON true
            WHERE o.order_id = ANY (?)""";

    /** Stands in no stored text, so it can part two of them. */
    private static final char PART = '\0';

    private final DataSource database;
    private final Spread spread = new Spread();

    SearchedOrders(DataSource database) {
        this.database = database;
    }

    record Order(
            String orderId,
            @Nullable String userId,
            @Nullable String merchantName,
            String amount,
            String status,
            Instant createdAt) {}

    /** Which wallets pay and receive, as far as they are known. */
    record Sides(@Nullable String sender, @Nullable String receiver, PairingStatus status) {
        static Sides of(@Nullable String sender, @Nullable String receiver, boolean hasEntries) {
            PairingStatus status = sender != null && receiver != null
                    ? PairingStatus.COMPLETE
                    : hasEntries ? PairingStatus.INCOMPLETE : PairingStatus.UNKNOWN;
            return new Sides(sender, receiver, status);
        }

        boolean has(String wallet) {
            return wallet.equals(sender) || wallet.equals(receiver);
        }
    }

    /** At most so many that come after a position. */
    List<Order> read(PaymentQuery query, Optional<Cursor> after, int most) throws SQLException {
        Leading leading = query.leading();
        String sql =
                switch (leading) {
                    case USER -> BY_USER;
                    case AMOUNT -> BY_AMOUNT;
                    case MERCHANT -> BY_MERCHANT;
                    case WALLET -> throw new IllegalStateException("a wallet's entries are read, not orders");
                };
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            String end = "";
            if (leading == Leading.USER) {
                statement.setString(parameter++, query.userId().orElseThrow());
            } else if (leading == Leading.AMOUNT) {
                BigDecimal amount = query.amount().orElseThrow();
                statement.setBigDecimal(parameter++, amount);
            } else {
                end = IdPrefix.end(query.merchantName().orElseThrow());
                statement.setString(parameter++, query.merchantName().orElseThrow());
                statement.setString(parameter++, end);
            }
            statement.setObject(parameter++, utc(query.from(), OffsetDateTime.MIN));
            statement.setObject(parameter++, utc(query.to(), OffsetDateTime.MAX));
            String position = after.map(Cursor::txId).orElse(end + PART);
            int part = position.indexOf(PART);
            if (leading == Leading.MERCHANT) {
                statement.setString(parameter++, position.substring(0, part));
            }
            statement.setObject(parameter++, utc(after.map(Cursor::eventTime), OffsetDateTime.MAX));
            statement.setString(parameter++, position.substring(part + 1));
            statement.setInt(parameter, most);
            return orders(statement);
        }
    }

    private static List<Order> orders(PreparedStatement statement) throws SQLException {
        List<Order> orders = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                orders.add(new Order(
                        row.getString("order_id"),
                        row.getString("user_id"),
                        row.getString("merchant_name"),
                        row.getString("amount_text"),
                        row.getString("status"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()));
            }
        }
        return orders;
    }

    Map<String, Sides> sides(List<String> orderIds) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return spread.isOn(connection) ? spreadSides(connection, orderIds) : sides(connection, orderIds);
        }
    }

    private static Map<String, Sides> spreadSides(Connection connection, List<String> orderIds) throws SQLException {
        StoredSides stored = StoredSides.read(connection, orderIds, StoredSides.Which.NEWEST);
        Set<String> haveEntries = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(HAVE_ENTRIES)) {
            statement.setArray(1, connection.createArrayOf("text", orderIds.toArray(String[]::new)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    haveEntries.add(row.getString(1));
                }
            }
        }
        Map<String, Sides> sides = new HashMap<>();
        for (String id : orderIds) {
            if (stored.order(id).isPresent()) {
                String sender = stored.leg(id, true).map(Leg::walletId).orElse(null);
                String receiver = stored.leg(id, false).map(Leg::walletId).orElse(null);
                sides.put(id, Sides.of(sender, receiver, haveEntries.contains(id)));
            }
        }
        return sides;
    }

    private static Map<String, Sides> sides(Connection connection, List<String> orderIds) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SIDES)) {
            statement.setArray(1, connection.createArrayOf("text", orderIds.toArray(String[]::new)));
            Map<String, Sides> sides = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    sides.put(
                            row.getString("order_id"),
                            Sides.of(
                                    row.getString("sender"), row.getString("receiver"), row.getBoolean("has_entries")));
                }
            }
            return sides;
        }
    }

    /** Where an order stands in the order of the search. */
    static Cursor position(PaymentQuery query, Order order) {
        String merchant = query.leading() == Leading.MERCHANT ? String.valueOf(order.merchantName()) : "";
        return new Cursor(order.createdAt(), merchant + PART + order.orderId());
    }

    private static OffsetDateTime utc(Optional<Instant> time, OffsetDateTime absent) {
        return time.map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(absent);
    }
}

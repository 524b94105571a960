package txlookup.api.pairing;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import txlookup.api.pairing.RelatedPayment.Order;
import txlookup.api.pairing.RelatedPayment.Side;
import txlookup.api.search.IdPrefix;

/**
 * The orders and sides of payments in a store whose tables are spread over several servers. There they cannot be joined
 * with the entries that name them, so they are read by statements of their own.
 */
public final class StoredSides {
    private static final String ORDERS =
            "SELECT order_id, status, merchant_name FROM payment_order WHERE order_id = ANY (?)";

    // It goes to the one server that holds the order, and its plan is kept.
    private static final String ONE_ORDER = ORDERS.replace("= ANY (?)", "= ?");

    private static final String LEGS = """
            SELECT DISTINCT ON (related_id, entry_type, related_type IS NULL)
                   related_id, entry_type, related_type IS NULL AS untyped, event_time, tx_id, wallet_id,
                   amount::text AS amount
            FROM ledger_entry
            WHERE related_id = ANY (?) AND entry_type IN ('PAYMENT', 'RECEIVE')
              AND (related_type = 'PAYMENT_ORDER' OR related_type IS NULL)
            ORDER BY related_id, entry_type, related_type IS NULL, event_time%s, tx_id""";

    private final Map<String, Order> orders;
    private final Map<String, List<Leg>> legs;
    private final Which which;

    private StoredSides(Map<String, Order> orders, Map<String, List<Leg>> legs, Which which) {
        this.orders = orders;
        this.legs = legs;
        this.which = which;
    }

    /** Which of several entries of one side is the side. */
    public enum Which {
        NEWEST,
        OLDEST
    }

    /** An entry that is a side. */
    public record Leg(
            String entryType, boolean untyped, Instant eventTime, String txId, String walletId, String amount) {
        private Side side() {
            return new Side(txId, walletId);
        }
    }

    /** Reads those of some payments. */
    public static StoredSides read(Connection connection, Collection<String> ids, Which which) throws SQLException {
        return read(connection, ids, ids, which);
    }

    private static StoredSides read(
            Connection connection, Collection<String> ofOrders, Collection<String> ofSides, Which which)
            throws SQLException {
        return new StoredSides(
                ofOrders.isEmpty() ? Map.of() : orders(connection, ofOrders),
                ofSides.isEmpty() ? Map.of() : legs(connection, ofSides, which),
                which);
    }

    /** Gives entries what is related to them; of an id that none of them pairs by, such as a campaign's, no sides. */
    public static List<PairedEntry> pair(Connection connection, List<PairedEntry> entries) throws SQLException {
        return pair(
                connection,
                entries,
                entry -> entry.relatedType() == null || entry.relatedType().equals("PAYMENT_ORDER"));
    }

    /** Gives the entries of one order what is related to them: those that pair may be beyond these. */
    public static List<PairedEntry> pairOfOneOrder(Connection connection, List<PairedEntry> entries)
            throws SQLException {
        return pair(connection, entries, entry -> true);
    }

    private static List<PairedEntry> pair(
            Connection connection, List<PairedEntry> entries, Predicate<PairedEntry> mayPair) throws SQLException {
        StoredSides stored = read(connection, ids(entries, entry -> true), ids(entries, mayPair), Which.NEWEST);
        return entries.stream()
                .map(entry -> entry.relatedId() == null ? entry : entry.with(stored.of(entry.relatedId())))
                .toList();
    }

    private static Set<String> ids(List<PairedEntry> entries, Predicate<PairedEntry> which) {
        return entries.stream()
                .filter(which)
                .flatMap(entry -> Stream.ofNullable(entry.relatedId()))
                .collect(Collectors.toSet());
    }

    /** The order of a payment; empty where there is none. */
    public Optional<Order> order(String id) {
        return Optional.ofNullable(orders.get(id));
    }

    /** The side of a payment that pays, or receives; empty where it is missing. */
    public Optional<Leg> leg(String id, boolean pays) {
        Leg chosen = null;
        for (Leg leg : legs.getOrDefault(id, List.of())) {
            boolean isSide = leg.entryType().equals(pays ? "PAYMENT" : "RECEIVE");
            // An entry that does not say what it names pairs with an order that is there.
            if (isSide && (!leg.untyped() || orders.containsKey(id)) && (chosen == null || isBefore(leg, chosen))) {
                chosen = leg;
            }
        }
        return Optional.ofNullable(chosen);
    }

    private RelatedPayment of(String id) {
        return new RelatedPayment(
                orders.get(id),
                leg(id, true).map(Leg::side).orElse(null),
                leg(id, false).map(Leg::side).orElse(null));
    }

    private boolean isBefore(Leg leg, Leg other) {
        int later = leg.eventTime().compareTo(other.eventTime());
        return later == 0
                ? IdPrefix.BY_BYTES.compare(leg.txId(), other.txId()) < 0
                : which == Which.NEWEST ? later > 0 : later < 0;
    }

    private static Map<String, Order> orders(Connection connection, Collection<String> ids) throws SQLException {
        Map<String, Order> orders = new HashMap<>();
        boolean isOne = ids.size() == 1;
        try (PreparedStatement statement = connection.prepareStatement(isOne ? ONE_ORDER : ORDERS)) {
            if (isOne) {
                statement.setString(1, ids.iterator().next());
            } else {
                statement.setArray(1, array(connection, ids));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    orders.put(row.getString(1), new Order(row.getString(2), row.getString(3)));
                }
            }
        }
        return orders;
    }

    private static Map<String, List<Leg>> legs(Connection connection, Collection<String> ids, Which which)
            throws SQLException {
        Map<String, List<Leg>> legs = new HashMap<>();
        String sql = LEGS.formatted(which == Which.NEWEST ? " DESC" : "");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, array(connection, ids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Leg leg = new Leg(
                            row.getString("entry_type"),
                            row.getBoolean("untyped"),
                            row.getObject("event_time", OffsetDateTime.class).toInstant(),
                            row.getString("tx_id"),
                            row.getString("wallet_id"),
                            row.getString("amount"));
                    legs.computeIfAbsent(row.getString("related_id"), id -> new ArrayList<>())
                            .add(leg);
                }
            }
        }
        return legs;
    }

    private static Array array(Connection connection, Collection<String> ids) throws SQLException {
        return connection.createArrayOf("text", ids.toArray(String[]::new));
    }
}

package txlookup.api.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.pairing.RelatedPayment;
import txlookup.api.pairing.StoredSides;

/**
 * The lookups of a store whose tables are spread over several servers: each is some statements, for none joins those
 * tables, and no view is of all servers.
 */
final class SpreadLookups {
    private static final String UNPAIRED =
            "SELECT tx_id, wallet_id, entry_type, amount::text, amount_signed::text, related_id, related_type,"
                    + " event_time, ingested_at";

    private static final String ORDER_ALONE = """
            SELECT user_id AS order_user_id, merchant_name AS order_merchant_name, amount::text AS order_amount,
                   status AS order_status, created_at AS order_created_at
            FROM payment_order WHERE order_id = ?""";

    private SpreadLookups() {}

    /** Runs each statement once, as {@link LookupQueries#prepare} does. */
    static void prepare(Connection connection) throws SQLException {
        LookupQueries.run(connection, ORDER_ALONE, "");
        LookupQueries.run(connection, unpaired(LookupQueries.OF_ONE_ORDER), "", 1);
        LookupQueries.run(
                connection,
                unpaired(LookupQueries.ONE_PAGE_OF_A_WALLET),
                "",
                OffsetDateTime.MAX,
                OffsetDateTime.MIN,
                OffsetDateTime.MAX,
                "",
                1);
        for (int places = 1; places <= BatchingLoader.MOST; places *= 2) {
            LookupQueries.run(
                    connection,
                    unpaired(LookupQueries.ofTransactions(places)),
                    Collections.nCopies(places, "").toArray());
        }
        StoredSides.read(connection, List.of(""), StoredSides.Which.NEWEST);
        StoredSides.read(connection, List.of("", ""), StoredSides.Which.NEWEST);
    }

    /** A lookup's entries alone; what belongs to them is read by itself. */
    static String unpaired(String entries) {
        return entries.replace("SELECT *", UNPAIRED);
    }

    static Optional<PairedOrder> order(Connection connection, String orderId) throws SQLException {
        List<PairedEntry> entries;
        try (PreparedStatement statement = connection.prepareStatement(unpaired(LookupQueries.OF_ONE_ORDER))) {
            statement.setString(1, orderId);
            statement.setInt(2, PairedOrder.MOST_ENTRIES + 1);
            entries = StoredSides.pairOfOneOrder(connection, PairedRows.entries(statement, row -> RelatedPayment.NONE));
        }
        try (PreparedStatement statement = connection.prepareStatement(ORDER_ALONE)) {
            statement.setString(1, orderId);
            try (ResultSet order = statement.executeQuery()) {
                return order.next()
                        ? Optional.of(PairedRows.order(orderId, order).with(entries))
                        : Optional.empty();
            }
        }
    }

    static List<PairedEntry> entries(Connection connection, PreparedStatement statement) throws SQLException {
        return StoredSides.pair(connection, PairedRows.entries(statement, row -> RelatedPayment.NONE));
    }
}

package txlookup.api.query;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.Pairing;
import txlookup.api.query.PaymentQuery.Leading;
import txlookup.api.query.SearchedOrders.Order;
import txlookup.api.query.SearchedOrders.Sides;
import txlookup.api.search.IdPrefix;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;

/**
 * Finds payments by what a customer knows. A request reads at most {@value #MOST_EXAMINED} rows of the leading field; where
 * the other fields leave too few of them, its cursor goes on behind them, so no search costs more than that.
 */
public final class PaymentSearch {
    /** Rows of the leading field that one request reads. */
    public static final int MOST_EXAMINED = 5_000;

    private static final int PIECE = 1_000;

    private final SearchedOrders orders;
    private final LookupQueries lookups;

    /** @param database connections in autocommit */
    public PaymentSearch(DataSource database, LookupQueries lookups) {
        this.orders = new SearchedOrders(database);
        this.lookups = lookups;
    }

    /**
     * A page of what was found, newest first.
     *
     * @param nextCursor null where all was read; a page may hold few payments, or none, and have one
     */
    public record Page(
            @Nullable String q,
            List<FoundPayment> results,
            int count,
            @Nullable String nextCursor) {}

    /** What was found, and behind which row to go on; null where there is no more. */
    private record Found(
            List<FoundPayment> payments, @Nullable Cursor last) {}

    /** @throws ProblemException 400 for a cursor of another search */
    public Page find(PaymentQuery query, CursorSigner cursors) throws SQLException {
        Optional<Cursor> after = query.cursor().map(text -> cursors.verify(text, query.scope())
                .orElseThrow(() -> ProblemException.badParameter(
                        "cursor", "not a next_cursor of this search; start again without it")));
        Found found = find(query, after);
        String next = found.last() == null ? null : cursors.sign(found.last(), query.scope());
        return new Page(
                query.q().orElse(null), found.payments(), found.payments().size(), next);
    }

    /** As many as the query's limit says, of any number of rows, for a file. */
    public List<FoundPayment> all(PaymentQuery query, int most) throws SQLException {
        List<FoundPayment> all = new ArrayList<>();
        Optional<Cursor> after = Optional.empty();
        do {
            Found found = find(query, after);
            all.addAll(found.payments());
            after = Optional.ofNullable(found.last());
        } while (after.isPresent() && all.size() < most);
        return all;
    }

    private Found find(PaymentQuery query, Optional<Cursor> start) throws SQLException {
        boolean ofWallet = query.leading() == Leading.WALLET;
        List<FoundPayment> found = new ArrayList<>();
        Optional<Cursor> after = start;
        Cursor last = null;
        for (int examined = 0; examined < MOST_EXAMINED; examined += PIECE) {
            Piece piece = ofWallet ? entries(query, after) : orders(query, after);
            for (Row row : piece.rows()) {
                if (row.payment() != null) {
                    if (found.size() == query.limit()) {
                        return new Found(found, last);
                    }
                    found.add(row.payment());
                    last = row.position();
                }
            }
            if (piece.end() == null) {
                return new Found(found, null);
            }
            after = Optional.of(piece.end());
        }
        return new Found(found, after.orElseThrow());
    }

    /** A row of the leading field; its payment is null where the other fields do not fit. */
    private record Row(Cursor position, @Nullable FoundPayment payment) {}

    /** Rows, and where they end; null where nothing comes after them. */
    private record Piece(List<Row> rows, @Nullable Cursor end) {
        static Piece of(List<Row> rows) {
            return new Piece(
                    rows, rows.size() < PIECE ? null : rows.get(rows.size() - 1).position());
        }
    }

    private Piece entries(PaymentQuery query, Optional<Cursor> after) throws SQLException {
        WalletRange range = new WalletRange(query.walletId().orElseThrow(), query.from(), query.to());
        List<Row> rows = new ArrayList<>();
        for (PairedEntry entry : lookups.wallet(range, after, PIECE)) {
            rows.add(new Row(Cursor.after(entry), fits(query, entry) ? FoundPayment.of(entry) : null));
        }
        return Piece.of(rows);
    }

    private static boolean fits(PaymentQuery query, PairedEntry entry) {
        Pairing pairing = entry.pairing();
        String merchant = pairing.merchantName();
        return query.isOfAmount(entry.amount())
                && query.isOfStatus(StatusGroup.of(pairing.orderStatus()))
                && (query.isOfId(entry.txId()) || (entry.relatedId() != null && query.isOfId(entry.relatedId())))
                && query.isOfMerchant(merchant)
                && (query.counterparty().isEmpty() || query.counterparty().get().equals(otherWallet(entry, pairing)));
    }

    private static @Nullable String otherWallet(PairedEntry entry, Pairing pairing) {
        return switch (entry.entryType()) {
            case "PAYMENT" -> pairing.receiverWalletId();
            case "RECEIVE" -> pairing.senderWalletId();
            default -> null;
        };
    }

    private Piece orders(PaymentQuery query, Optional<Cursor> after) throws SQLException {
        List<Order> read = orders.read(query, after, PIECE);
        List<Order> fitting = read.stream().filter(order -> fits(query, order)).toList();
        boolean byWallet = query.walletId().isPresent() || query.counterparty().isPresent();
        // Sides are read of what can be shown alone, unless they decide that.
        List<String> ids = fitting.stream()
                .limit(byWallet ? PIECE : query.limit() + 1L)
                .map(Order::orderId)
                .toList();
        Map<String, Sides> sides = ids.isEmpty() ? new HashMap<>() : orders.sides(ids);
        List<Row> rows = new ArrayList<>();
        for (Order order : read) {
            Sides ofOrder = fits(query, order) ? sides.get(order.orderId()) : null;
            boolean shown = ofOrder != null && fits(query, ofOrder);
            Cursor position = SearchedOrders.position(query, order);
            rows.add(new Row(position, shown ? payment(order, ofOrder) : null));
        }
        return Piece.of(rows);
    }

    private static boolean fits(PaymentQuery query, Order order) {
        return query.isOfAmount(order.amount())
                && query.isOfStatus(StatusGroup.of(order.status()))
                && query.isOfId(order.orderId())
                && query.isOfMerchant(order.merchantName());
    }

    private static boolean fits(PaymentQuery query, Sides sides) {
        Optional<String> wallet = query.walletId();
        Optional<String> other = query.counterparty();
        return (wallet.isEmpty() || sides.has(wallet.get()))
                && (other.isEmpty() || sides.has(other.get()))
                && (wallet.isEmpty()
                        || other.isEmpty()
                        || !wallet.get().equals(other.get())
                        || (wallet.get().equals(sides.sender()) && wallet.get().equals(sides.receiver())));
    }

    private static FoundPayment payment(Order order, Sides sides) {
        Instant createdAt = order.createdAt();
        return new FoundPayment(
                "payment_order",
                order.orderId(),
                "/admin/payment-orders/" + IdPrefix.segment(order.orderId()),
                createdAt,
                order.amount(),
                order.status(),
                StatusGroup.of(order.status()),
                order.userId(),
                order.merchantName(),
                sides.sender(),
                sides.receiver(),
                sides.status());
    }
}

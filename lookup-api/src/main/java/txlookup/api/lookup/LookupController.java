package txlookup.api.lookup;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.audit.Subject;
import txlookup.api.lookup.LookupResult.Found;
import txlookup.api.lookup.LookupResult.Missing;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.query.LookupQueries;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;

/** The three lookups of docs/contract.md. */
@Controller
final class LookupController {
    private final AnsweredRequests desk;
    private final CursorSigner cursors;
    private final Clock clock;

    LookupController(AnsweredRequests desk, CursorSigner cursors, Clock clock) {
        this.desk = desk;
        this.cursors = cursors;
        this.clock = clock;
    }

    @GetMapping("/admin/tx/{tx_id}")
    void transaction(@PathVariable("tx_id") String txId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        desk.answerShared(Subject.TRANSACTION, txId, () -> lookups -> transaction(lookups, txId), request, response);
    }

    @GetMapping("/admin/payment-orders/{order_id}")
    void paymentOrder(
            @PathVariable("order_id") String orderId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        desk.answerShared(
                Subject.PAYMENT_ORDER, orderId, () -> lookups -> paymentOrder(lookups, orderId), request, response);
    }

    @GetMapping("/admin/wallets/{wallet_id}/tx")
    void wallet(@PathVariable("wallet_id") String walletId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        desk.answerShared(
                Subject.WALLET,
                walletId,
                () -> {
                    WalletQuery query = WalletQuery.of(walletId, request, cursors);
                    return lookups -> wallet(lookups, query);
                },
                request,
                response);
    }

    private LookupResult transaction(LookupQueries lookups, String txId) throws SQLException {
        return lookups.transaction(txId)
                .<LookupResult>map(entry -> new Found(Answers.Transaction.of(entry, clock.instant()), 1))
                .orElseGet(() -> new Missing("tx_id not found"));
    }

    private LookupResult paymentOrder(LookupQueries lookups, String orderId) throws SQLException {
        return lookups.paymentOrder(orderId)
                .<LookupResult>map(order -> new Found(
                        Answers.OrderWithEntries.of(order, clock.instant()),
                        1,
                        order.isTruncated() ? PairedOrder.MOST_ENTRIES : null))
                .orElseGet(() -> new Missing("order_id not found"));
    }

    private LookupResult wallet(LookupQueries lookups, WalletQuery query) throws SQLException {
        // One more than asked for tells whether there is a next page.
        List<PairedEntry> entries = lookups.wallet(query.range(), query.after(), query.limit() + 1);
        boolean more = entries.size() > query.limit();
        List<PairedEntry> page = more ? entries.subList(0, query.limit()) : entries;
        Optional<String> next = more
                ? Optional.of(cursors.sign(
                        Cursor.after(page.get(page.size() - 1)), query.range().scope()))
                : Optional.empty();
        return new Found(Answers.Wallet.of(query.range().walletId(), page, next, clock.instant()), page.size());
    }
}

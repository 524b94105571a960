package txlookup.api.lookup;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.audit.AuditQuery;
import txlookup.api.audit.AuditTrail;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.explain.Explanation;
import txlookup.api.lookup.LookupResult.Found;
import txlookup.api.openpayment.OpenPairs;
import txlookup.api.openpayment.OpenPairsQuery;
import txlookup.api.query.PaymentQuery;
import txlookup.api.query.PaymentSearch;
import txlookup.api.search.Search;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;

/** What operators and auditors ask beyond the three lookups. Audited like them. */
@Controller
final class AdminQueryController {
    private final AnsweredRequests desk;
    private final AuditTrail trail;
    private final CursorSigner cursors;

    AdminQueryController(AnsweredRequests desk, AuditTrail trail, CursorSigner cursors) {
        this.desk = desk;
        this.trail = trail;
        this.cursors = cursors;
    }

    @GetMapping("/admin/tx/{tx_id}/explain")
    void transaction(@PathVariable("tx_id") String txId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        desk.answer(
                Subject.TRANSACTION_EXPLAINED,
                txId,
                generation -> found(generation.explainer().transaction(txId, new QueryParameters(request).time("at"))),
                request,
                response);
    }

    @GetMapping("/admin/payment-orders/{order_id}/explain")
    void paymentOrder(
            @PathVariable("order_id") String orderId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        desk.answer(
                Subject.PAYMENT_ORDER_EXPLAINED,
                orderId,
                generation ->
                        found(generation.explainer().paymentOrder(orderId, new QueryParameters(request).time("at"))),
                request,
                response);
    }

    @GetMapping("/admin/open-pairs")
    void openPairs(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        desk.answer(
                Subject.OPEN_PAIRS,
                Subject.ALL,
                generation -> {
                    OpenPairs.Page page = generation.openPairs().page(OpenPairsQuery.of(request, cursors), cursors);
                    return new Found(page, page.count());
                },
                request,
                response);
    }

    @GetMapping("/admin/open-pairs/ages")
    void ages(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        desk.answer(
                Subject.OPEN_PAIRS,
                Subject.ALL,
                generation -> {
                    OpenPairs.Ages ages = generation.openPairs().ages();
                    return new Found(ages, ages.count());
                },
                request,
                response);
    }

    @GetMapping("/admin/search")
    void search(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        String q = request.getParameter("q");
        desk.answerTo(
                Subject.SEARCH,
                PaymentQuery.isAsked(request) ? PaymentQuery.named(request) : q == null ? "" : q.strip(),
                (caller, generation) -> {
                    if (PaymentQuery.isAsked(request)) {
                        PaymentSearch.Page page = generation.payments().find(PaymentQuery.of(request), cursors);
                        return new Found(page, page.count());
                    }
                    Search.Results results = generation.search().find(q(request), maySeeTheAudit(caller));
                    return new Found(results, results.count());
                },
                request,
                response);
    }

    @GetMapping("/admin/audit")
    void audit(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        String resourceId = request.getParameter("resource_id");
        desk.answerOfControl(
                Subject.AUDIT,
                resourceId == null || resourceId.isBlank() ? Subject.ALL : resourceId.strip(),
                () -> {
                    AuditTrail.Page page = trail.page(AuditQuery.of(request, cursors), cursors);
                    return new Found(page, page.count());
                },
                request,
                response);
    }

    /** Who names no role is on the operator's own machine: elsewhere nobody gets here without one. */
    private static boolean maySeeTheAudit(Caller caller) {
        return caller.mayAudit() || caller.roles().isEmpty();
    }

    private static String q(HttpServletRequest request) {
        return new QueryParameters(request)
                .text("q")
                .filter(q -> q.codePoints().anyMatch(point -> point != Character.MAX_CODE_POINT))
                .orElseThrow(() -> ProblemException.badParameter("q", "wanted an id or its beginning, saw none"));
    }

    /** Nothing stored is an explanation too; the audit calls it EMPTY. */
    private static Found found(Explanation explanation) {
        return new Found(explanation, explanation.found() ? 1 : 0);
    }
}

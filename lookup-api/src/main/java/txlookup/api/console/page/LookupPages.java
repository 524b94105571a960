package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.console.page.Pages.Page;
import txlookup.api.console.page.PaymentView.Sides;
import txlookup.api.explain.Explanation;
import txlookup.api.explain.Provenance;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.QueryService;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.lookup.PersonalData;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.pairing.Pairing;
import txlookup.api.pairing.PairingStatus;
import txlookup.api.pairing.RelatedPayment;
import txlookup.api.search.Search;

/** The box that takes any id, and a payment seen from its entry or its order. */
@Controller
final class LookupPages {
    private static final long MOST_LOOKS = 60;

    private final AuditedRequests desk;
    private final Pages pages;
    private final PersonalData personal;
    private final Clock clock;

    LookupPages(AuditedRequests desk, Pages pages, PersonalData personal, Clock clock) {
        this.desk = desk;
        this.pages = pages;
        this.personal = personal;
        this.clock = clock;
    }

    @GetMapping("/")
    void search(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Optional<String> asked = new Fields(request).text("q");
        if (asked.isEmpty()) {
            Pages.send(
                    response,
                    desk.inquireOfControl(
                            Subject.CONSOLE,
                            Subject.ALL,
                            request,
                            caller -> new Seen<>(
                                    pages.render(Draft.of("search"), Optional.of(caller), request, response), 200, 1)));
            return;
        }
        String q = asked.get();
        Found found = desk.inquire(Subject.SEARCH, q, request, response, (caller, generation) -> {
            QueryService inquiries = generation.inquiries();
            Search.Results results = inquiries.search(q, caller.mayAudit());
            String only = onlyExact(results.results());
            Draft draft = Draft.of("search")
                    .with("q", q)
                    .with(
                            "hits",
                            results.results().stream().map(LookupPages::link).toList());
            if (results.count() == 0) {
                draft.with("why", inquiries.explainTransaction(q));
            }
            Page page = only == null ? pages.render(draft, caller, generation, request, response) : null;
            return new Seen<>(
                    new Found(only, page), page == null ? HttpStatus.SEE_OTHER.value() : 200, results.count());
        });
        if (found.page() != null) {
            Pages.send(response, found.page());
        } else {
            response.setHeader(HttpHeaders.LOCATION, found.address());
            response.setStatus(HttpStatus.SEE_OTHER.value());
        }
    }

    @GetMapping("/tx/{tx_id}")
    void transaction(@PathVariable("tx_id") String txId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(
                response,
                desk.inquire(subject(Subject.TRANSACTION, request), txId, request, response, (caller, generation) -> {
                    QueryService inquiries = generation.inquiries();
                    Optional<PairedEntry> entry = inquiries.transaction(txId);
                    Explanation why = inquiries.explain(txId, entry);
                    Optional<PairedOrder> order = entry.isPresent()
                                    && entry.get().relatedId() != null
                                    && entry.get().relatedPayment().order() != null
                            ? inquiries.paymentOrder(entry.get().relatedId())
                            : Optional.empty();
                    Sides sides = entry.map(LookupPages::sides).orElse(new Sides(null, null));
                    return seen("tx", txId, why, order, sides, caller, generation, request, response);
                }));
    }

    @GetMapping("/orders/{order_id}")
    void order(@PathVariable("order_id") String orderId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(
                response,
                desk.inquire(
                        subject(Subject.PAYMENT_ORDER, request), orderId, request, response, (caller, generation) -> {
                            QueryService inquiries = generation.inquiries();
                            Optional<PairedOrder> order = inquiries.paymentOrder(orderId);
                            Explanation why = inquiries.explainOrder(orderId, order);
                            Sides sides = order.filter(found -> !found.entries().isEmpty())
                                    .map(found -> sides(found.entries().get(0).relatedPayment()))
                                    .orElse(new Sides(null, null));
                            return seen("order", orderId, why, order, sides, caller, generation, request, response);
                        }));
    }

    private Seen<Page> seen(
            String type,
            String id,
            Explanation why,
            Optional<PairedOrder> order,
            Sides sides,
            Caller caller,
            GenerationStore generation,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException {
        Optional<PairedOrder> shown = order.map(found -> personal.unless(isRevealed(request), found));
        PaymentView view =
                PaymentView.of(type, id, why, shown, sides, withSides(generation.inquiries(), why.rows(), sides));
        int status = why.found() ? HttpStatus.OK.value() : HttpStatus.NOT_FOUND.value();
        Draft draft = Draft.of("payment")
                .status(status)
                .with("view", view)
                .with(
                        "reveal",
                        personal.masked()
                                && !isRevealed(request)
                                && caller.roles().contains(Caller.PII))
                .with("look", nextLook(request, why))
                .with("now", clock.instant());
        return new Seen<>(pages.render(draft, caller, generation, request, response), status, why.found() ? 1 : 0);
    }

    private static boolean isRevealed(HttpServletRequest request) {
        return new Fields(request).text("reveal").isPresent();
    }

    private static Subject subject(Subject usual, HttpServletRequest request) {
        return isRevealed(request) ? Subject.PERSONAL_DATA : usual;
    }

    /** While a side is missing the page looks again by itself, for ten minutes: each look is audited. */
    private static @Nullable Long nextLook(HttpServletRequest request, Explanation why) {
        long look = new Fields(request).number("look").orElse(0L);
        return why.pairingStatus() == PairingStatus.INCOMPLETE && look < MOST_LOOKS ? look + 1 : null;
    }

    /** Of a payment with very many entries the sides may not be among those that are shown. */
    private static List<Provenance> withSides(QueryService inquiries, List<Provenance> rows, Sides sides)
            throws SQLException {
        List<Provenance> all = new ArrayList<>(rows);
        for (String side : new String[] {sides.payment(), sides.receive()}) {
            if (side != null
                    && all.stream()
                            .noneMatch(row -> row.holdsEntry() && row.id().equals(side))) {
                inquiries.explainTransaction(side).rows().stream()
                        .filter(row -> row.holdsEntry() && row.id().equals(side))
                        .forEach(all::add);
            }
        }
        return all;
    }

    private static Sides sides(PairedEntry entry) {
        Pairing pairing = entry.pairing();
        return switch (entry.entryType()) {
            case "PAYMENT" -> new Sides(entry.txId(), pairing.pairedTxId());
            case "RECEIVE" -> new Sides(pairing.pairedTxId(), entry.txId());
            default ->
                pairing.status() == PairingStatus.UNKNOWN ? new Sides(null, null) : sides(entry.relatedPayment());
        };
    }

    private static Sides sides(RelatedPayment related) {
        return new Sides(
                related.payment() == null ? null : related.payment().txId(),
                related.receive() == null ? null : related.receive().txId());
    }

    private static @Nullable String onlyExact(List<Search.Hit> hits) {
        List<Search.Hit> exact = hits.stream().filter(Search.Hit::exact).toList();
        return exact.size() == 1 && !exact.get(0).type().equals("correlation") ? address(exact.get(0)) : null;
    }

    private static Link link(Search.Hit hit) {
        return new Link(hit.type(), hit.id(), hit.exact(), address(hit));
    }

    /** The page of what was found; a lookup's correlation id leads to the audit. */
    private static String address(Search.Hit hit) {
        String id = new Format(Locale.ROOT).segment(hit.id());
        return switch (hit.type()) {
            case "tx" -> "/tx/" + id;
            case "payment_order" -> "/orders/" + id;
            case "wallet" -> "/wallets/" + id;
            default -> hit.link();
        };
    }

    /** What was found, with its page. */
    record Link(String type, String id, boolean exact, String address) {}

    private record Found(@Nullable String address, @Nullable Page page) {}
}

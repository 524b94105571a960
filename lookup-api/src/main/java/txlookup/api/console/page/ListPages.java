package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import txlookup.api.audit.Subject;
import txlookup.api.auth.DeniedException;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.generation.QueryService;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.lookup.AuditedRequests.SeenEach;
import txlookup.api.lookup.ManyLookups;
import txlookup.api.lookup.PersonalData;
import txlookup.api.openpayment.OpenPairs;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.query.PaymentQuery;
import txlookup.api.query.PaymentSearch;
import txlookup.api.query.StatusGroup;
import txlookup.api.query.WalletRange;
import txlookup.api.search.IdPrefix;
import txlookup.api.web.QueryParameters;

/** A wallet's entries, and the payments of which one side is here. */
@Controller
final class ListPages {
    private static final List<Integer> MINUTES = List.of(0, 5, 10, 30, 60, 360, 1440, 10_080);
    private static final List<String> WALLET_FILTERS = List.of("amount", "from", "status_group", "to", "type");
    private static final List<String> PAYMENT_FIELDS =
            List.of("user_id", "merchant_name", "amount", "wallet_id", "counterparty", "from", "to", "status_group");
    private static final long USUAL_MINUTES = 10;
    private static final long MOST_MINUTES = Duration.ofDays(36_525).toMinutes();

    private final AuditedRequests desk;
    private final Pages pages;
    private final PersonalData personal;

    ListPages(AuditedRequests desk, Pages pages, PersonalData personal) {
        this.desk = desk;
        this.personal = personal;
        this.pages = pages;
    }

    @GetMapping("/wallets/{wallet_id}")
    void wallet(@PathVariable("wallet_id") String walletId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(response, desk.inquire(Subject.WALLET, walletId, request, response, (caller, generation) -> {
            QueryParameters parameters = new QueryParameters(request);
            QueryParameters.Range times = parameters.range();
            WalletRange range = new WalletRange(walletId, times.from(), times.to());
            Optional<String> cursor = parameters.text("cursor");
            QueryService.WalletPage page = generation.inquiries().wallet(range, filter(parameters), cursor);
            Draft draft = Draft.of("wallet")
                    .with("walletId", walletId)
                    .with("entries", page.entries())
                    .with("fields", shown(parameters))
                    .with("groups", StatusGroup.values())
                    .with("filters", query(WALLET_FILTERS, parameters))
                    .with("totals", cursor.isEmpty() ? generation.inquiries().totals(range) : List.of())
                    .with("first", cursor.isEmpty())
                    .with("next", page.nextCursor());
            return new Seen<>(
                    pages.render(draft, caller, generation, request, response),
                    200,
                    page.entries().size());
        }));
    }

    /** Of what is shown; a cursor is of the range alone, since each page repeats its filters. */
    private static Predicate<PairedEntry> filter(QueryParameters parameters) {
        Optional<String> type = parameters.text("type");
        Optional<BigDecimal> amount = parameters.amount("amount");
        Optional<StatusGroup> group = PaymentQuery.statusGroup(parameters);
        return entry -> (type.isEmpty() || type.get().equals(entry.entryType()))
                && (amount.isEmpty() || amount.get().compareTo(new BigDecimal(entry.amount())) == 0)
                && (group.isEmpty()
                        || group.get() == StatusGroup.of(entry.pairing().orderStatus()));
    }

    private static Map<String, String> shown(QueryParameters parameters) {
        Map<String, String> shown = new TreeMap<>();
        for (String field : WALLET_FILTERS) {
            shown.put(field, parameters.text(field).orElse(""));
        }
        return shown;
    }

    private static String query(List<String> fields, QueryParameters parameters) {
        StringBuilder query = new StringBuilder();
        for (String field : fields) {
            parameters
                    .text(field)
                    .ifPresent(
                            value -> query.append('&').append(field).append('=').append(IdPrefix.segment(value)));
        }
        return query.toString();
    }

    /** Payments by what a customer knows; without a field, the form alone. */
    @GetMapping("/payments")
    void payments(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        QueryParameters parameters = new QueryParameters(request);
        Map<String, String> fields = new TreeMap<>();
        PAYMENT_FIELDS.forEach(field -> fields.put(field, parameters.text(field).orElse("")));
        Draft draft = Draft.of("payments").with("fields", fields).with("groups", StatusGroup.values());
        if (!PaymentQuery.isAsked(request)) {
            Pages.send(
                    response,
                    desk.inquireOfControl(
                            Subject.CONSOLE,
                            "payments",
                            request,
                            caller -> new Seen<>(pages.render(draft, Optional.of(caller), request, response), 200, 1)));
            return;
        }
        Pages.send(
                response,
                desk.inquire(Subject.SEARCH, PaymentQuery.named(request), request, response, (caller, generation) -> {
                    PaymentSearch.Page page = generation.inquiries().payments(parameters);
                    draft.with("page", page)
                            .with("masked", personal.masked())
                            .with("filters", query(PAYMENT_FIELDS, parameters));
                    return new Seen<>(pages.render(draft, caller, generation, request, response), 200, page.count());
                }));
    }

    /** Many ids, pasted; the answer is a page, for they may be more than an address holds. */
    @GetMapping("/lookups")
    void many(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Pages.send(
                response,
                desk.inquireOfControl(
                        Subject.CONSOLE,
                        "lookups",
                        request,
                        caller -> new Seen<>(
                                pages.render(Draft.of("many"), Optional.of(caller), request, response), 200, 1)));
    }

    @PostMapping("/lookups")
    void pasted(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Fields fields = new Fields(request);
        Pages.send(response, desk.inquireEach(request, response, (caller, generation) -> {
            String site = request.getHeader("Sec-Fetch-Site");
            if (site != null && !site.equals("same-origin")) {
                throw DeniedException.refused(caller, "the form is another site's; paste the ids here");
            }
            String pasted = fields.text("ids").orElse("");
            List<ManyLookups.One> found = ManyLookups.of(generation, ManyLookups.pasted(pasted));
            Draft draft = Draft.of("many").with("pasted", pasted).with("found", found);
            return new SeenEach<>(
                    pages.render(draft, caller, generation, request, response),
                    found.stream().map(ManyLookups.One::each).toList());
        }));
    }

    @GetMapping("/open-pairs")
    void openPairs(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Pages.send(response, desk.inquire(Subject.OPEN_PAIRS, Subject.ALL, request, response, (caller, generation) -> {
            Fields fields = new Fields(request);
            long minutes = Math.min(MOST_MINUTES, fields.number("minutes").orElse(USUAL_MINUTES));
            OpenPairs.Page page =
                    generation.inquiries().openPairs(new QueryParameters(request), Duration.ofMinutes(minutes));
            boolean first = fields.text("cursor").isEmpty();
            Draft draft = Draft.of("open-pairs")
                    .with("minutes", minutes)
                    .with("choices", MINUTES)
                    .with("merchant", fields.text("merchant_name").orElse(null))
                    .with("amount", fields.text("amount").orElse(null))
                    .with(
                            "newest",
                            fields.text("order").filter("newest"::equals).isPresent())
                    .with("masked", personal.masked())
                    .with("first", first)
                    .with("ages", first ? generation.inquiries().openPairAges() : null)
                    .with("page", page);
            return new Seen<>(pages.render(draft, caller, generation, request, response), 200, page.count());
        }));
    }
}

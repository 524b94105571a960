package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.audit.Subject;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.lookup.QueryService;
import txlookup.api.openpayment.OpenPairs;

/** A wallet's entries, and the payments of which one side is here. */
@Controller
public final class ListPages {
    private static final List<Integer> MINUTES = List.of(0, 5, 10, 30, 60, 360, 1440, 10_080);
    private static final long USUAL_MINUTES = 10;
    private static final long MOST_MINUTES = Duration.ofDays(36_525).toMinutes();

    private final AuditedRequests desk;
    private final Pages pages;

    public ListPages(AuditedRequests desk, Pages pages) {
        this.desk = desk;
        this.pages = pages;
    }

    @GetMapping("/wallets/{wallet_id}")
    void wallet(@PathVariable("wallet_id") String walletId, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(response, desk.inquire(Subject.WALLET, walletId, request, response, (caller, generation) -> {
            Optional<String> cursor = new Fields(request).text("cursor");
            QueryService.WalletPage page = generation.inquiries().wallet(walletId, cursor);
            Draft draft = Draft.of("wallet")
                    .with("walletId", walletId)
                    .with("entries", page.entries())
                    .with("first", cursor.isEmpty())
                    .with("next", page.nextCursor());
            return new Seen<>(
                    pages.render(draft, caller, generation, request, response),
                    200,
                    page.entries().size());
        }));
    }

    @GetMapping("/open-pairs")
    void openPairs(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Pages.send(response, desk.inquire(Subject.OPEN_PAIRS, Subject.ALL, request, response, (caller, generation) -> {
            Fields fields = new Fields(request);
            long minutes = Math.min(MOST_MINUTES, fields.number("minutes").orElse(USUAL_MINUTES));
            Optional<String> cursor = fields.text("cursor");
            OpenPairs.Page page = generation.inquiries().openPairs(Duration.ofMinutes(minutes), cursor);
            Draft draft = Draft.of("open-pairs")
                    .with("minutes", minutes)
                    .with("choices", MINUTES)
                    .with("first", cursor.isEmpty())
                    .with("page", page);
            return new Seen<>(pages.render(draft, caller, generation, request, response), 200, page.count());
        }));
    }
}

package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.audit.Subject;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.generation.GenerationList;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.rebuild.RebuildReport;
import txlookup.api.rebuild.Rebuilds;
import txlookup.api.web.ProblemException;

/** How the environment was made: every rebuild, and what decided it. */
@Controller
final class RebuildPages {
    private static final int MOST = 100;

    // In their order, so that a page can name those that were not reached.
    private static final List<String> STEPS =
            List.of("CREATE", "SECRETS", "MIGRATE", "BACKFILL", "CONSUME", "SMOKE", "MONITOR");

    private final AuditedRequests desk;
    private final Rebuilds rebuilds;
    private final GenerationList generations;
    private final Pages pages;

    RebuildPages(AuditedRequests desk, Rebuilds rebuilds, GenerationList generations, Pages pages) {
        this.desk = desk;
        this.rebuilds = rebuilds;
        this.generations = generations;
        this.pages = pages;
    }

    @GetMapping("/rebuilds")
    void list(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Pages.send(response, desk.inquireOfControl(Subject.REBUILDS, Subject.ALL, request, caller -> {
            Rebuilds.Page page = rebuilds.newest(MOST);
            Draft draft = Draft.of("rebuilds").with("page", page).with("all", generations.now());
            return new Seen<>(pages.render(draft, Optional.of(caller), request, response), 200, page.count());
        }));
    }

    @GetMapping("/rebuilds/{generation}")
    void one(@PathVariable String generation, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(response, desk.inquireOfControl(Subject.REBUILD, generation, request, caller -> {
            Optional<RebuildReport> rebuild = rebuilds.one(Fields.number("generation", generation));
            Draft draft = rebuild.isPresent()
                    ? Draft.of("rebuild").with("rebuild", rebuild.get()).with("missing", notReached(rebuild.get()))
                    : Draft.of("problem")
                            .status(404)
                            .with(
                                    "problem",
                                    ProblemException.notFound("no rebuild of that generation is kept")
                                            .problem());
            return new Seen<>(
                    pages.render(draft, Optional.of(caller), request, response),
                    draft.status(),
                    rebuild.isPresent() ? 1 : 0);
        }));
    }

    private static List<String> notReached(RebuildReport rebuild) {
        List<String> done =
                rebuild.steps().stream().map(RebuildReport.Step::step).toList();
        return STEPS.stream().filter(step -> !done.contains(step)).toList();
    }
}

package txlookup.api.console.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import txlookup.api.audit.AuditQuery;
import txlookup.api.audit.AuditRow;
import txlookup.api.audit.AuditTrail;
import txlookup.api.audit.Subject;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.web.CursorSigner;

/** Who looked at what, for auditors. */
@Controller
final class AuditPages {
    private static final List<String> FILTERS =
            List.of("actor", "resource_id", "action", "result", "correlation_id", "from", "to", "limit");
    private static final List<String> ACTIONS =
            Stream.of(Subject.values()).map(Subject::action).distinct().sorted().toList();

    private final AuditedRequests desk;
    private final AuditTrail trail;
    private final CursorSigner cursors;
    private final Pages pages;

    AuditPages(AuditedRequests desk, AuditTrail trail, CursorSigner cursors, Pages pages) {
        this.desk = desk;
        this.trail = trail;
        this.cursors = cursors;
        this.pages = pages;
    }

    @GetMapping("/audit")
    void audit(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Fields fields = new Fields(request);
        String about = fields.text("resource_id").orElse(Subject.ALL);
        Pages.send(response, desk.inquireOfControl(Subject.AUDIT, about, request, caller -> {
            AuditTrail.Page page = trail.page(AuditQuery.of(request, cursors), cursors);
            Draft draft = Draft.of("audit")
                    .with("page", page)
                    .with("more", more(fields, page.nextCursor()))
                    .with("results", AuditRow.Result.values())
                    .with("actions", ACTIONS);
            FILTERS.forEach(name -> draft.with(name, fields.text(name).orElse("")));
            return new Seen<>(pages.render(draft, Optional.of(caller), request, response), 200, page.count());
        }));
    }

    /** The address of what follows, with the same filters; null at the end. */
    private static @Nullable String more(Fields fields, @Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        return Stream.concat(
                        FILTERS.stream()
                                .flatMap(name -> fields.text(name).map(value -> parameter(name, value)).stream()),
                        Stream.of(parameter("cursor", cursor)))
                .collect(Collectors.joining("&", "/audit?", ""));
    }

    private static String parameter(String name, String value) {
        return name + "=" + URLEncoder.encode(value, UTF_8);
    }
}

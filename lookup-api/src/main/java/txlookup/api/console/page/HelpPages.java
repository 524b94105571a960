package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.auth.Callers;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.web.OpenApiController;

/** Who somebody is here and what they may do; and what programs may ask, which is for anyone to read. */
@Controller
final class HelpPages {
    private static final List<String> ROLES = List.of(Caller.READ, Caller.AUDIT, Caller.OPERATE, Caller.PII);

    private final AuditedRequests desk;
    private final Callers callers;
    private final Pages pages;
    private final ApiDocument document;
    private final Map<Locale, String> rendered = new ConcurrentHashMap<>();

    HelpPages(AuditedRequests desk, Callers callers, OpenApiController openApi, Pages pages) {
        this.desk = desk;
        this.callers = callers;
        this.pages = pages;
        this.document = ApiDocument.of(openApi.document());
    }

    /** A role, and whether it is held. */
    record Role(String name, boolean held) {}

    @GetMapping("/me")
    void me(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Pages.send(response, desk.inquireOfControl(Subject.SELF, Subject.ALL, request, caller -> {
            Draft draft = Draft.of("me")
                    .with("caller", caller)
                    .with(
                            "roles",
                            ROLES.stream()
                                    .map(role -> new Role(role, caller.roles().contains(role)))
                                    .toList())
                    .with(
                            "others",
                            caller.roles().stream()
                                    .filter(role -> !ROLES.contains(role))
                                    .toList())
                    .with("signedInAt", caller.session().map(Caller.Session::at).orElse(null))
                    .with("fresh", callers.isFresh(caller));
            return new Seen<>(pages.render(draft, Optional.of(caller), request, response), 200, 1);
        }));
    }

    /** Its body is the same for all who read one language, so strangers cost no rendering. */
    @GetMapping("/docs")
    void docs(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String body = rendered.computeIfAbsent(
                pages.language(request),
                language -> pages.fragment(Draft.of("docs-body").with("api", document), language, null));
        Draft draft = Draft.of("docs").with("title", document.title()).with("body", body);
        Pages.send(response, pages.render(draft, Optional.empty(), request, response));
    }
}

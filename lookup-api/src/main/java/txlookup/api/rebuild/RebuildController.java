package txlookup.api.rebuild;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.audit.Subject;
import txlookup.api.lookup.AnsweredRequests;
import txlookup.api.lookup.LookupResult.Found;
import txlookup.api.lookup.LookupResult.Missing;
import txlookup.api.web.QueryParameters;

/** What rebuilds left behind, for scripts. Audited like the lookups. */
@Controller
final class RebuildController {
    private final AnsweredRequests desk;
    private final Rebuilds rebuilds;

    RebuildController(AnsweredRequests desk, Rebuilds rebuilds) {
        this.desk = desk;
        this.rebuilds = rebuilds;
    }

    @GetMapping("/admin/rebuilds")
    void list(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        desk.answerOfControl(
                Subject.REBUILDS,
                Subject.ALL,
                () -> {
                    Rebuilds.Page page = rebuilds.newest(new QueryParameters(request).limit());
                    return new Found(page, page.count());
                },
                request,
                response);
    }

    @GetMapping("/admin/rebuilds/{generation}")
    void one(@PathVariable String generation, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        desk.answerOfControl(
                Subject.REBUILD,
                generation,
                () -> {
                    var rebuild = rebuilds.one(QueryParameters.number("generation", generation));
                    return rebuild.isPresent()
                            ? new Found(rebuild.get(), 1)
                            : new Missing("no rebuild of that generation is kept");
                },
                request,
                response);
    }
}

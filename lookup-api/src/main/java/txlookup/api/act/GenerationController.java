package txlookup.api.act;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import txlookup.api.audit.Subject;
import txlookup.api.generation.GenerationList;
import txlookup.api.lookup.AnsweredRequests;
import txlookup.api.lookup.LookupResult.Found;

/** Which generations there are, for scripts. Audited like the lookups. */
@Controller
final class GenerationController {
    private final AnsweredRequests desk;
    private final GenerationList generations;

    GenerationController(AnsweredRequests desk, GenerationList generations) {
        this.desk = desk;
        this.generations = generations;
    }

    @GetMapping("/admin/generations")
    void list(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        desk.answerOfControl(
                Subject.GENERATIONS,
                Subject.ALL,
                () -> {
                    GenerationList.All all = generations.now();
                    return new Found(all, all.count());
                },
                request,
                response);
    }
}

package txlookup.api.console.deadletter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import txlookup.api.act.AskedAct;
import txlookup.api.audit.Subject;
import txlookup.api.console.page.Fields;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.web.QueryParameters;

/** The second person's part in a discard that takes two: in the console, and for programs. */
@Controller
final class SecondPersonController {
    private final DeadLetterDesk desk;

    SecondPersonController(AuditedRequests desk) {
        this.desk = new DeadLetterDesk(desk);
    }

    @PostMapping("/dead-letters/runs/{id}/confirm")
    void confirm(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws SQLException {
        DeadLetterActs.requireGeneration(request);
        DeadLetterActs.follow(response, confirmed(Fields.number("id", id), request, response, caller -> {}));
    }

    @PostMapping("/dead-letters/runs/{id}/decline")
    void decline(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws SQLException {
        DeadLetterActs.requireGeneration(request);
        DeadLetterActs.follow(response, declined(Fields.number("id", id), request, response, caller -> {}));
    }

    @PostMapping("/admin/dead-letters/runs/{id}/confirm")
    void confirmByProgram(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("reason"));
        DeadLetterActController.requireGeneration(request);
        DeadLetterActController.follow(
                response, confirmed(QueryParameters.number("id", id), request, response, asked::requireOrder));
    }

    @PostMapping("/admin/dead-letters/runs/{id}/decline")
    void declineByProgram(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("reason"));
        DeadLetterActController.requireGeneration(request);
        DeadLetterActController.follow(
                response, declined(QueryParameters.number("id", id), request, response, asked::requireOrder));
    }

    private DeadLetterDesk.Placed confirmed(
            long run, HttpServletRequest request, HttpServletResponse response, DeadLetterDesk.Check check)
            throws SQLException {
        return desk.give(
                Subject.DISCARD_CONFIRMATION,
                "run " + run,
                request,
                response,
                check,
                (caller, generation) -> new SecondPerson(generation.orders()).confirm(run, caller.actor()));
    }

    private DeadLetterDesk.Placed declined(
            long run, HttpServletRequest request, HttpServletResponse response, DeadLetterDesk.Check check)
            throws SQLException {
        return desk.give(
                Subject.DISCARD_REFUSAL,
                "run " + run,
                request,
                response,
                check,
                (caller, generation) -> new SecondPerson(generation.orders()).decline(run, caller.actor()));
    }
}

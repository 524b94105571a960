package txlookup.api.act;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import txlookup.api.audit.Subject;
import txlookup.api.lookup.AnsweredRequests;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.LookupResult.Found;
import txlookup.api.lookup.LookupResult.Missing;
import txlookup.api.web.Json;
import txlookup.api.web.QueryParameters;
import txlookup.api.web.Replies;

/** Acts on generations, for scripts. */
@Controller
final class ActController {
    private final ActDesk acts;
    private final AnsweredRequests desk;
    private final GenerationActs generations;

    ActController(AuditedRequests requests, AnsweredRequests desk, GenerationActs generations) {
        this.acts = new ActDesk(requests);
        this.desk = desk;
        this.generations = generations;
    }

    /** What a page of acts shows. */
    private record Newest(List<ActAnswer> acts, int count) {}

    @PostMapping("/admin/generations/{generation}/switch")
    void change(@PathVariable String generation, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("reason", "share", "accept_differences"));
        long target = QueryParameters.number("generation", generation);
        int share = asked.share();
        String accepted = asked.text("accept_differences").orElse(null);
        answer(
                response,
                acts.give(
                        Subject.GENERATION_SWITCH,
                        generation,
                        request,
                        asked::requireOrder,
                        caller -> generations.switchTo(target, share, asked.requireOrder(caller), accepted)));
    }

    @PostMapping("/admin/generations/rollback")
    void rollBack(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("reason", "accept_lag"));
        boolean acceptLag = asked.flag("accept_lag");
        answer(
                response,
                acts.give(
                        Subject.GENERATION_ROLLBACK,
                        Subject.ALL,
                        request,
                        asked::requireOrder,
                        caller -> generations.rollBack(asked.requireOrder(caller), acceptLag)));
    }

    @PostMapping("/admin/generations/{generation}/retire")
    void retire(@PathVariable String generation, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("reason", "early"));
        long target = QueryParameters.number("generation", generation);
        boolean early = asked.flag("early");
        answer(
                response,
                acts.give(
                        Subject.GENERATION_RETIRE,
                        generation,
                        request,
                        asked::requireOrder,
                        caller -> generations.retire(target, asked.requireOrder(caller), early)));
    }

    @PostMapping("/admin/generations/rebuild")
    void rebuild(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("reason"));
        answer(
                response,
                acts.give(
                        Subject.GENERATION_REBUILD,
                        Subject.ALL,
                        request,
                        asked::requireOrder,
                        caller -> generations.rebuild(asked.requireOrder(caller))));
    }

    @GetMapping("/admin/acts")
    void list(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        desk.answerOfControl(
                Subject.ACTS,
                Subject.ALL,
                () -> {
                    List<ActAnswer> page = generations.newest(new QueryParameters(request).limit()).stream()
                            .map(ActAnswer::of)
                            .toList();
                    return new Found(new Newest(page, page.size()), page.size());
                },
                request,
                response);
    }

    @GetMapping("/admin/acts/{act}")
    void one(@PathVariable String act, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        desk.answerOfControl(
                Subject.ACT,
                act,
                () -> {
                    var found = generations.find(QueryParameters.number("act", act));
                    return found.isPresent()
                            ? new Found(ActAnswer.of(found.get()), 1)
                            : new Missing("there is no act of that number");
                },
                request,
                response);
    }

    private static void answer(HttpServletResponse response, ActDesk.Result result) throws IOException {
        if (result instanceof ActDesk.Given given) {
            response.setHeader(
                    HttpHeaders.LOCATION, "/admin/acts/" + given.act().id());
            Replies.send(response, given.status(), Json.MEDIA_TYPE, Json.bytes(ActAnswer.of(given.act())));
        } else if (result instanceof ActDesk.Refused refused) {
            Replies.send(response, refused.problem());
        }
    }
}

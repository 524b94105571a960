package txlookup.api.console.deadletter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.SQLException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import txlookup.api.audit.Subject;
import txlookup.api.console.deadletter.DeadLetterDesk.Placed;
import txlookup.api.console.deadletter.DeadLetterOrders.Placing;
import txlookup.api.console.page.Fields;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.web.ProblemException;

/**
 * What may be done about dead letters, by whom ADMIN_OPERATE is given to. Nothing is replayed for good that was not tried
 * out: a replay takes exactly the dead letters of a trial that has ended.
 */
@Controller
final class DeadLetterActs {
    private static final int LONGEST_NOTE = 1_000;

    private final DeadLetterDesk desk;
    private final DiscardRule discards;

    DeadLetterActs(AuditedRequests desk, DiscardRule discards) {
        this.discards = discards;
        this.desk = new DeadLetterDesk(desk);
    }

    @PostMapping("/dead-letters/trials")
    void trial(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        DeadLetterFilter selection = selection(request);
        String patch = new Fields(request).text("patch").orElse(null);
        follow(
                response,
                desk.give(
                        Subject.DEAD_LETTER_TRIAL,
                        selection.named(requireGeneration(request)),
                        request,
                        response,
                        caller -> {
                            if (!isForAll(request)) {
                                selection.requireChosen();
                            }
                            selection.requireApplicable(patch);
                        },
                        (caller, generation) -> new DeadLetterOrders(generation.orders())
                                .trial(selection, patch, Placing.by(caller.actor()))));
    }

    @PostMapping("/dead-letters/runs/{id}/replay")
    void replay(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws SQLException {
        requireGeneration(request);
        long trial = Fields.number("id", id);
        follow(
                response,
                desk.give(
                        Subject.DEAD_LETTER_REPLAY,
                        "run " + id,
                        request,
                        response,
                        caller -> {},
                        (caller, generation) -> new DeadLetterOrders(generation.orders())
                                .replay(
                                        new DeadLetterReads(generation).requireTriedOut(trial),
                                        Placing.by(caller.actor()))));
    }

    @PostMapping("/dead-letters/discards")
    void discard(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        DeadLetterFilter selection = selection(request);
        follow(
                response,
                desk.give(
                        discards.subject(),
                        selection.named(requireGeneration(request)),
                        request,
                        response,
                        caller -> {
                            note(request);
                            selection.requireChosen();
                        },
                        (caller, generation) -> discards.order(
                                generation, selection, new Placing(caller.actor(), note(request), null))));
    }

    private static String note(HttpServletRequest request) {
        return new Fields(request)
                .text("note")
                .filter(text -> text.length() <= LONGEST_NOTE)
                .orElseThrow(() -> ProblemException.badParameter(
                        "note", "say in at most %d characters why it is not wanted".formatted(LONGEST_NOTE)));
    }

    static void follow(HttpServletResponse response, Placed placed) {
        response.setHeader(
                HttpHeaders.LOCATION,
                "/dead-letters/runs/%d?generation=%d".formatted(placed.runId(), placed.generation()));
        response.setStatus(HttpStatus.SEE_OTHER.value());
    }

    /** What is chosen by number, or all that match where that is said. */
    private static DeadLetterFilter selection(HttpServletRequest request) {
        Fields fields = new Fields(request);
        return isForAll(request)
                ? new DeadLetterFilter(
                        List.of(),
                        fields.text("reason").orElse(null),
                        fields.text("source").orElse(null))
                : new DeadLetterFilter(fields.numbers("ids"), null, null);
    }

    /** The same number is another dead letter in another generation, and what serves may have changed since the page. */
    static long requireGeneration(HttpServletRequest request) {
        return new Fields(request)
                .number("generation")
                .orElseThrow(() -> ProblemException.badParameter("generation", "wanted one, saw none"));
    }

    private static boolean isForAll(HttpServletRequest request) {
        return new Fields(request).text("scope").filter("matching"::equals).isPresent();
    }
}

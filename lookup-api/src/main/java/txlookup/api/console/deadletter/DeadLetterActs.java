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
import txlookup.api.console.deadletter.DeadLetterOrders.Ordered;
import txlookup.api.console.page.Fields;
import txlookup.api.generation.GenerationStore;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.web.ProblemException;

/**
 * What may be done about dead letters, by whom ADMIN_OPERATE is given to. Nothing is replayed for good that was not tried
 * out: a replay repeats the selection of a trial that has ended.
 */
@Controller
public final class DeadLetterActs {
    private static final int LONGEST_NOTE = 1_000;

    private final AuditedRequests desk;

    public DeadLetterActs(AuditedRequests desk) {
        this.desk = desk;
    }

    @PostMapping("/dead-letters/trials")
    void trial(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        DeadLetterFilter selection = selection(request);
        follow(
                response,
                desk.inquire(
                        Subject.DEAD_LETTER_TRIAL,
                        selection.named(requireGeneration(request)),
                        request,
                        response,
                        (caller, generation) -> {
                            if (!isForAll(request)) {
                                requireChosen(selection);
                            }
                            return seen(generation, orders(generation).trial(selection, caller.actor()));
                        }));
    }

    @PostMapping("/dead-letters/runs/{id}/replay")
    void replay(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws SQLException {
        requireGeneration(request);
        follow(
                response,
                desk.inquire(Subject.DEAD_LETTER_REPLAY, "run " + id, request, response, (caller, generation) -> {
                    DeadLetterRunView trial = new DeadLetterReads(generation)
                            .run(Fields.number("id", id))
                            .filter(DeadLetterRunView::isTriedOut)
                            .orElseThrow(() -> ProblemException.badParameter(
                                    "id", "not a trial that has ended with something to replay; try it out first"));
                    return seen(generation, orders(generation).replay(trial.selection(), caller.actor()));
                }));
    }

    @PostMapping("/dead-letters/discards")
    void discard(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        DeadLetterFilter selection = selection(request);
        follow(
                response,
                desk.inquire(
                        Subject.DEAD_LETTER_DISCARD,
                        selection.named(requireGeneration(request)),
                        request,
                        response,
                        (caller, generation) -> {
                            String note = new Fields(request)
                                    .text("note")
                                    .filter(text -> text.length() <= LONGEST_NOTE)
                                    .orElseThrow(() -> ProblemException.badParameter(
                                            "note",
                                            "say in at most %d characters why it is not wanted"
                                                    .formatted(LONGEST_NOTE)));
                            requireChosen(selection);
                            return seen(generation, orders(generation).discard(selection, caller.actor(), note));
                        }));
    }

    /** Where an order can be followed. */
    private record Placed(long generation, long runId) {}

    private static DeadLetterOrders orders(GenerationStore generation) {
        return new DeadLetterOrders(generation.orders());
    }

    private static Seen<Placed> seen(GenerationStore generation, Ordered ordered) {
        return new Seen<>(
                new Placed(generation.generation(), ordered.runId()),
                HttpStatus.SEE_OTHER.value(),
                Math.max(1, ordered.chosen()));
    }

    private static void follow(HttpServletResponse response, Placed placed) {
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
    private static long requireGeneration(HttpServletRequest request) {
        return new Fields(request)
                .number("generation")
                .orElseThrow(() -> ProblemException.badParameter("generation", "wanted one, saw none"));
    }

    private static boolean isForAll(HttpServletRequest request) {
        return new Fields(request).text("scope").filter("matching"::equals).isPresent();
    }

    private static void requireChosen(DeadLetterFilter selection) {
        if (selection.ids().isEmpty()) {
            throw ProblemException.badParameter("ids", "choose at least one dead letter");
        }
    }
}

package txlookup.api.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.SQLException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import txlookup.api.LookupDesk;
import txlookup.api.LookupDesk.Seen;
import txlookup.api.ProblemException;
import txlookup.api.Subject;
import txlookup.api.console.DeadLetterOrders.Ordered;

/**
 * What may be done about dead letters, by whom ADMIN_OPERATE is given to. Nothing is replayed for good that was not tried
 * out: a replay repeats the selection of a trial that has ended.
 */
@Controller
final class DeadLetterActs {
    private static final int LONGEST_NOTE = 1_000;

    private final LookupDesk desk;
    private final DeadLetterReads reads;
    private final DeadLetterOrders orders;
    private final FormToken token;

    DeadLetterActs(LookupDesk desk, DeadLetterReads reads, DeadLetterOrders orders, FormToken token) {
        this.desk = desk;
        this.reads = reads;
        this.orders = orders;
        this.token = token;
    }

    @PostMapping("/dead-letters/trials")
    void trial(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        DeadLetterSelection selection = selection(request);
        follow(response, desk.inquire(Subject.DEAD_LETTER_TRIAL, selection.named(), request, caller -> {
            token.require(request, caller);
            if (!isForAll(request)) {
                requireChosen(selection);
            }
            return seen(orders.trial(selection, caller.actor()));
        }));
    }

    @PostMapping("/dead-letters/runs/{id}/replay")
    void replay(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws SQLException {
        follow(response, desk.inquire(Subject.DEAD_LETTER_REPLAY, "run " + id, request, caller -> {
            token.require(request, caller);
            DeadLetterRun trial = reads.run(Fields.number("id", id))
                    .filter(DeadLetterRun::isTriedOut)
                    .orElseThrow(() -> ProblemException.badParameter(
                            "id", "not a trial that has ended with something to replay; try it out first"));
            return seen(orders.replay(trial.selection(), caller.actor()));
        }));
    }

    @PostMapping("/dead-letters/discards")
    void discard(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        DeadLetterSelection selection = selection(request);
        follow(response, desk.inquire(Subject.DEAD_LETTER_DISCARD, selection.named(), request, caller -> {
            token.require(request, caller);
            String note = new Fields(request)
                    .text("note")
                    .filter(text -> text.length() <= LONGEST_NOTE)
                    .orElseThrow(() -> ProblemException.badParameter(
                            "note", "say in at most %d characters why it is not wanted".formatted(LONGEST_NOTE)));
            requireChosen(selection);
            return seen(orders.discard(selection, caller.actor(), note));
        }));
    }

    private static Seen<Ordered> seen(Ordered ordered) {
        return new Seen<>(ordered, HttpStatus.SEE_OTHER.value(), Math.max(1, ordered.chosen()));
    }

    private static void follow(HttpServletResponse response, Ordered ordered) {
        response.setHeader(HttpHeaders.LOCATION, "/dead-letters/runs/" + ordered.runId());
        response.setStatus(HttpStatus.SEE_OTHER.value());
    }

    /** What is chosen by number, or all that match where that is said. */
    private static DeadLetterSelection selection(HttpServletRequest request) {
        Fields fields = new Fields(request);
        long generation = fields.number("generation")
                .orElseThrow(() -> ProblemException.badParameter("generation", "wanted one, saw none"));
        return isForAll(request)
                ? new DeadLetterSelection(List.of(),
                        fields.text("reason").orElse(null),
                        fields.text("source").orElse(null))
                : new DeadLetterSelection(fields.numbers("ids"), null, null);
    }

    private static boolean isForAll(HttpServletRequest request) {
        return new Fields(request).text("scope").filter("matching"::equals).isPresent();
    }

    private static void requireChosen(DeadLetterSelection selection) {
        if (selection.ids().isEmpty()) {
            throw ProblemException.badParameter("ids", "choose at least one dead letter");
        }
    }
}

package txlookup.api.console.deadletter;

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
import txlookup.api.auth.Caller;
import txlookup.api.console.page.Fields;
import txlookup.api.console.page.NextLook;
import txlookup.api.console.page.Pages;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.Generations;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.lookup.PersonalData;
import txlookup.api.web.ProblemException;

/** Dead letters to look at, and the orders about them. */
@Controller
final class DeadLetterPages {
    private static final String UNSETTLED = "UNSETTLED";
    private static final List<String> STATES = List.of("OPEN", "REPLAYING", "RESOLVED", "SUPERSEDED", "DISCARDED");

    private final AuditedRequests desk;
    private final Generations generations;
    private final Pages pages;
    private final PersonalData personal;
    private final DiscardRule discards;

    DeadLetterPages(
            AuditedRequests desk, Generations generations, Pages pages, PersonalData personal, DiscardRule discards) {
        this.desk = desk;
        this.discards = discards;
        this.personal = personal;
        this.generations = generations;
        this.pages = pages;
    }

    @GetMapping("/dead-letters")
    void list(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Pages.send(
                response, desk.inquire(Subject.DEAD_LETTERS, Subject.ALL, request, response, (caller, generation) -> {
                    DeadLetterReads reads = new DeadLetterReads(generation);
                    Fields fields = new Fields(request);
                    String state = fields.text("state").orElse(UNSETTLED);
                    DeadLetterFilter selection = new DeadLetterFilter(
                            List.of(),
                            fields.text("reason").orElse(null),
                            fields.text("source").orElse(null));
                    long below = fields.number("below").orElse(Long.MAX_VALUE);
                    List<MaskedDeadLetter> found = reads.list(selection, states(state), below);
                    boolean more = found.size() > DeadLetterReads.PAGE;
                    Long examined = more
                            ? null
                            : reads.endOfExamined(states(state), below).orElse(null);
                    List<MaskedDeadLetter> shown = more ? found.subList(0, DeadLetterReads.PAGE) : found;
                    List<DeadLetterReads.Group> groups = reads.groups();
                    Draft draft = Draft.of("dead-letters")
                            .with("generation", generation.generation())
                            .with("generations", choices(caller, generation))
                            .with("selection", selection)
                            .with("byTwo", discards.byTwo())
                            .with("state", state)
                            .with("states", STATES)
                            .with("reasons", distinct(groups, DeadLetterReads.Group::reason))
                            .with("sources", distinct(groups, DeadLetterReads.Group::source))
                            .with("groups", groups)
                            .with("errors", reads.errors())
                            .with("letters", shown)
                            .with(
                                    "open",
                                    shown.stream()
                                            .filter(MaskedDeadLetter::isOpen)
                                            .count())
                            .with(
                                    "next",
                                    more
                                            ? Long.valueOf(
                                                    shown.get(shown.size() - 1).id())
                                            : examined)
                            .with("runs", reads.latestRuns());
                    return new Seen<>(pages.render(draft, caller, generation, request, response), 200, shown.size());
                }));
    }

    @GetMapping("/dead-letters/{id}")
    void one(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(response, desk.inquire(subject(request), id, request, response, (caller, generation) -> {
            DeadLetterReads reads = new DeadLetterReads(generation);
            boolean revealed = isRevealed(request);
            Optional<MaskedDeadLetter> letter = reads.one(Fields.number("id", id))
                    .map(found -> personal.masked() && !revealed ? found.withoutPayload(PersonalData.MASK) : found);
            Draft draft = letter.isPresent()
                    ? Draft.of("dead-letter")
                            .with("letter", letter.get())
                            .with("byTwo", discards.byTwo())
                            .with("hidden", personal.masked() && !revealed)
                            .with("reveal", caller.roles().contains(Caller.PII))
                    : notFound("dead letter not found");
            return new Seen<>(
                    pages.render(draft, caller, generation, request, response),
                    draft.status(),
                    letter.isPresent() ? 1 : 0);
        }));
    }

    /** The order's page; its part that changes is asked for again by itself until the order has ended. */
    @GetMapping("/dead-letters/runs/{id}")
    void run(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(response, desk.inquire(Subject.DEAD_LETTER_RUN, id, request, response, (caller, generation) -> {
            DeadLetterReads reads = new DeadLetterReads(generation);
            Optional<DeadLetterRunView> run = reads.run(Fields.number("id", id));
            Draft draft = run.isPresent()
                    ? Draft.of("run")
                            .with("run", personal.masked() ? run.get().withoutPatch(PersonalData.MASK) : run.get())
                            .with("next", NextLook.of(request, run.get().endedAt() == null))
                    : notFound("order not found");
            return new Seen<>(
                    pages.render(draft, caller, generation, request, response),
                    draft.status(),
                    run.isPresent() ? 1 : 0);
        }));
    }

    private static boolean isRevealed(HttpServletRequest request) {
        return new Fields(request).text("reveal").isPresent();
    }

    /** Looking at a payload that is hidden is an act of its own. */
    private static Subject subject(HttpServletRequest request) {
        return isRevealed(request) ? Subject.DEAD_LETTER_REVEALED : Subject.DEAD_LETTER;
    }

    /** Only who may act may ask for one that does not serve. */
    private List<Long> choices(Caller caller, GenerationStore shown) throws SQLException {
        return caller.mayOperate() ? generations.readable() : List.of(shown.generation());
    }

    private static Draft notFound(String detail) {
        return Draft.of("problem")
                .status(404)
                .with("problem", ProblemException.notFound(detail).problem());
    }

    private static List<String> states(String state) {
        if (state.equals(UNSETTLED)) {
            return List.of("OPEN", "REPLAYING");
        }
        if (state.equals("ALL")) {
            return STATES;
        }
        if (!STATES.contains(state)) {
            throw ProblemException.badParameter("state", "wanted one of " + STATES + ", saw '" + state + "'");
        }
        return List.of(state);
    }

    private static List<String> distinct(
            List<DeadLetterReads.Group> groups, java.util.function.Function<DeadLetterReads.Group, String> part) {
        return groups.stream().map(part).distinct().sorted().toList();
    }
}

package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import txlookup.api.act.ActAnswer;
import txlookup.api.act.ActDesk;
import txlookup.api.act.GenerationActs;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.generation.GenerationList;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.web.ProblemException;
import txlookup.apply.generation.Act;

/** Acts on generations: first a page that says what one will do, then the act, then a page that follows it. */
@Controller
final class GenerationPages {
    private static final int LONGEST_REASON = 1_000;

    private final AuditedRequests desk;
    private final ActDesk acts;
    private final GenerationActs generations;
    private final GenerationList list;
    private final Pages pages;

    GenerationPages(AuditedRequests desk, GenerationActs generations, GenerationList list, Pages pages) {
        this.desk = desk;
        this.acts = new ActDesk(desk);
        this.generations = generations;
        this.list = list;
        this.pages = pages;
    }

    /** What can be ordered. */
    private enum Ordered {
        SWITCH(Subject.GENERATION_SWITCH),
        ROLLBACK(Subject.GENERATION_ROLLBACK),
        RETIRE(Subject.GENERATION_RETIRE),
        REBUILD(Subject.GENERATION_REBUILD);

        private final Subject subject;

        Ordered(Subject subject) {
            this.subject = subject;
        }

        static Ordered of(String name) {
            for (Ordered one : values()) {
                if (one.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return one;
                }
            }
            throw ProblemException.notFound("there is no act of that name");
        }

        boolean hasTarget() {
            return this == SWITCH || this == RETIRE;
        }
    }

    @GetMapping("/generations/acts/{act}")
    void prepare(@PathVariable String act, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(response, desk.inquireOfControl(Subject.GENERATION_ACT, act, request, caller -> {
            Draft draft = order(Ordered.of(act), request);
            return new Seen<>(pages.render(draft, Optional.of(caller), request, response), draft.status(), 1);
        }));
    }

    private Draft order(Ordered ordered, HttpServletRequest request) throws SQLException {
        Optional<Long> target = target(ordered, request);
        return Draft.of("order")
                .with("act", ordered.name().toLowerCase(Locale.ROOT))
                .with("target", target.orElse(null))
                .with("all", list.now())
                .with("whyNot", whyNot(ordered, target.orElse(0L)).orElse(null))
                .with("key", UUID.randomUUID().toString());
    }

    private static Optional<Long> target(Ordered ordered, HttpServletRequest request) {
        return ordered.hasTarget()
                ? Optional.of(new Fields(request)
                        .number("generation")
                        .orElseThrow(() -> ProblemException.badParameter("generation", "wanted one, saw none")))
                : Optional.empty();
    }

    private Optional<String> whyNot(Ordered ordered, long target) throws SQLException {
        return switch (ordered) {
            case SWITCH -> generations.whyNotSwitch(target);
            case ROLLBACK -> generations.whyNotBack();
            case RETIRE -> generations.whyNotRetire(target, false);
            case REBUILD -> Optional.empty();
        };
    }

    @PostMapping("/generations/acts/{act}")
    void give(@PathVariable String act, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Ordered ordered = Ordered.of(act);
        long target = target(ordered, request).orElse(0L);
        AtomicReference<Caller> admitted = new AtomicReference<>();
        ActDesk.Result result = acts.give(
                ordered.subject,
                ordered.hasTarget() ? Long.toString(target) : Subject.ALL,
                request,
                caller -> {
                    admitted.set(caller);
                    order(caller, request);
                },
                caller -> carryOut(ordered, target, order(caller, request), new Fields(request)));
        if (result instanceof ActDesk.Given given) {
            response.setHeader(HttpHeaders.LOCATION, "/acts/" + given.act().id());
            response.setStatus(HttpStatus.SEE_OTHER.value());
        } else if (result instanceof ActDesk.Refused refused) {
            Draft draft = Draft.of("problem").status(refused.status()).with("problem", refused.problem());
            Pages.send(response, pages.render(draft, Optional.of(admitted.get()), request, response));
        }
    }

    private Act carryOut(Ordered ordered, long target, Act.Order order, Fields fields)
            throws SQLException, InterruptedException {
        boolean despite = fields.text("despite").isPresent();
        return switch (ordered) {
            case SWITCH ->
                generations.switchTo(
                        target, share(fields), order, fields.text("accepted").orElse(null));
            case ROLLBACK -> generations.rollBack(order, despite);
            case RETIRE -> generations.retire(target, order, despite);
            case REBUILD -> generations.rebuild(order);
        };
    }

    private static int share(Fields fields) {
        long share = fields.number("share").orElse(100L);
        if (share < 1 || share > 100) {
            throw ProblemException.badParameter("share", "wanted a whole number of per cent, 1 to 100");
        }
        return Math.toIntExact(share);
    }

    private static Act.Order order(Caller caller, HttpServletRequest request) {
        Fields fields = new Fields(request);
        String reason = fields.text("reason")
                .filter(text -> text.length() <= LONGEST_REASON)
                .orElseThrow(() -> ProblemException.badParameter(
                        "reason", "say in 1 to %d characters why".formatted(LONGEST_REASON)));
        String key = fields.text("key")
                .filter(text -> text.matches("[0-9a-f-]{36}"))
                .orElseThrow(() -> ProblemException.badParameter("key", "reload the form's page"));
        share(fields);
        return new Act.Order(caller.actor(), reason, key);
    }

    @GetMapping("/acts/{id}")
    void follow(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Pages.send(response, desk.inquireOfControl(Subject.ACT, id, request, caller -> {
            Optional<ActAnswer> found =
                    generations.find(Fields.number("id", id)).map(ActAnswer::of);
            Draft draft = found.isPresent()
                    ? Draft.of("act")
                            .with("act", found.get())
                            .with("next", NextLook.of(request, found.get().outcome() == null))
                    : Draft.of("problem")
                            .status(HttpStatus.NOT_FOUND.value())
                            .with(
                                    "problem",
                                    ProblemException.notFound("there is no act of that number")
                                            .problem());
            return new Seen<>(
                    pages.render(draft, Optional.of(caller), request, response),
                    draft.status(),
                    found.isPresent() ? 1 : 0);
        }));
    }
}

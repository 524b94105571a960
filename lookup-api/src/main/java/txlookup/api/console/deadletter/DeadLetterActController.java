package txlookup.api.console.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import tools.jackson.databind.JsonNode;
import txlookup.api.act.AskedAct;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.console.deadletter.DeadLetterDesk.Placed;
import txlookup.api.console.deadletter.DeadLetterOrders.Placing;
import txlookup.api.generation.Generations;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.lookup.PersonalData;
import txlookup.api.web.Json;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;
import txlookup.api.web.Replies;

/** The acts on dead letters for programs, as the console has them. */
@Controller
final class DeadLetterActController {
    private static final int ACCEPTED = 202;

    private final AuditedRequests lookups;
    private final DeadLetterDesk desk;
    private final PersonalData personal;
    private final DiscardRule discards;

    DeadLetterActController(AuditedRequests desk, PersonalData personal, DiscardRule discards) {
        this.lookups = desk;
        this.discards = discards;
        this.desk = new DeadLetterDesk(desk);
        this.personal = personal;
    }

    /** An order that was placed. */
    private record Answer(long generation, long runId) {}

    /** An order, and what became of it so far. */
    private record RunAnswer(
            long runId,
            long generation,
            String action,
            boolean dryRun,
            @Nullable Long trialId,
            @Nullable String patch,
            String actor,
            @Nullable String note,
            String stage,
            long selected,
            long resolved,
            long superseded,
            long refused,
            long discarded,
            Instant requestedAt,
            @Nullable Instant endedAt,
            @Nullable String failure,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String secondActor) {
        static RunAnswer of(DeadLetterRunView run, @Nullable String patch) {
            return new RunAnswer(
                    run.id(),
                    run.generation(),
                    run.action(),
                    run.dryRun(),
                    run.trialId(),
                    patch,
                    run.actor(),
                    run.note(),
                    run.stage(),
                    run.selected(),
                    run.resolved(),
                    run.superseded(),
                    run.refused(),
                    run.discarded(),
                    run.requestedAt(),
                    run.endedAt(),
                    run.failure(),
                    run.secondActor());
        }
    }

    @PostMapping("/admin/dead-letters/trials")
    void trial(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("ids", "reason_code", "source", "patch", "reason"));
        DeadLetterFilter selection = new DeadLetterFilter(
                ids(asked),
                asked.text("reason_code").orElse(null),
                asked.text("source").orElse(null));
        String patch = asked.text("patch").orElse(null);
        follow(
                response,
                desk.give(
                        Subject.DEAD_LETTER_TRIAL,
                        selection.named(requireGeneration(request)),
                        request,
                        response,
                        caller -> {
                            placing(asked, caller);
                            selection.requireApplicable(patch);
                        },
                        (caller, generation) -> new DeadLetterOrders(generation.orders())
                                .trial(selection, patch, placing(asked, caller))));
    }

    @PostMapping("/admin/dead-letters/replays")
    void replay(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("trial", "reason"));
        requireGeneration(request);
        JsonNode trial = asked.body().path("trial");
        if (!trial.isIntegralNumber() || !trial.canConvertToLong()) {
            throw ProblemException.badParameter("trial", "wanted the number of a trial");
        }
        follow(
                response,
                desk.give(
                        Subject.DEAD_LETTER_REPLAY,
                        "run " + trial.longValue(),
                        request,
                        response,
                        caller -> placing(asked, caller),
                        (caller, generation) -> new DeadLetterOrders(generation.orders())
                                .replay(
                                        new DeadLetterReads(generation).requireTriedOut(trial.longValue()),
                                        placing(asked, caller))));
    }

    @PostMapping("/admin/dead-letters/discards")
    void discard(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        AskedAct asked = AskedAct.of(request, Set.of("ids", "reason"));
        DeadLetterFilter selection = new DeadLetterFilter(ids(asked), null, null);
        follow(
                response,
                desk.give(
                        discards.subject(),
                        selection.named(requireGeneration(request)),
                        request,
                        response,
                        caller -> {
                            placing(asked, caller);
                            selection.requireChosen();
                        },
                        (caller, generation) -> discards.order(generation, selection, placing(asked, caller))));
    }

    @GetMapping("/admin/dead-letters/runs/{id}")
    void run(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        long number = QueryParameters.number("id", id);
        Optional<RunAnswer> run =
                lookups.inquire(Subject.DEAD_LETTER_RUN, id, request, response, (caller, generation) -> {
                    Optional<RunAnswer> found = new DeadLetterReads(generation)
                            .run(number)
                            .map(one -> RunAnswer.of(one, personal.of(one.patch(), caller)));
                    return new Seen<>(found, found.isPresent() ? 200 : 404, found.isPresent() ? 1 : 0);
                });
        Replies.send(
                response,
                200,
                Json.MEDIA_TYPE,
                Json.bytes(run.orElseThrow(() -> ProblemException.notFound("there is no order of that number"))));
    }

    private static Placing placing(AskedAct asked, Caller caller) {
        return new Placing(caller.actor(), asked.requireOrder(caller).reason(), asked.key());
    }

    private static List<Long> ids(AskedAct asked) {
        JsonNode given = asked.body().path("ids");
        if (given.isMissingNode() || given.isNull()) {
            return List.of();
        }
        List<Long> ids = new ArrayList<>();
        for (JsonNode id : given) {
            if (!id.isIntegralNumber() || !id.canConvertToLong()) {
                throw ProblemException.badParameter("ids", "wanted a list of numbers");
            }
            ids.add(id.longValue());
        }
        if (ids.isEmpty()) {
            throw ProblemException.badParameter("ids", "wanted a list of numbers, or none at all");
        }
        return ids;
    }

    /** The same number is another dead letter in another generation. */
    static long requireGeneration(HttpServletRequest request) {
        String named = request.getHeader(Generations.HEADER);
        if (named == null) {
            throw ProblemException.badParameter(
                    Generations.HEADER,
                    "name the generation whose dead letters they are, as a lookup's answer names it");
        }
        return QueryParameters.number(Generations.HEADER, named.strip());
    }

    static void follow(HttpServletResponse response, Placed placed) throws IOException {
        response.setHeader(HttpHeaders.LOCATION, "/admin/dead-letters/runs/" + placed.runId());
        Replies.send(response, ACCEPTED, Json.MEDIA_TYPE, Json.bytes(new Answer(placed.generation(), placed.runId())));
    }
}

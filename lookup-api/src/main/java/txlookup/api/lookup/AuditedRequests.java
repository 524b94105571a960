package txlookup.api.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import txlookup.api.audit.AuditRow;
import txlookup.api.audit.AuditWriter;
import txlookup.api.audit.DeniedRequests;
import txlookup.api.audit.MaskedQuery;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.auth.Callers;
import txlookup.api.auth.DeniedException;
import txlookup.api.auth.RequestRate;
import txlookup.api.generation.GenerationChooser;
import txlookup.api.generation.GenerationChooser.Answered;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.SharedLookups;
import txlookup.api.store.Bulkhead;
import txlookup.api.web.CorrelationId;
import txlookup.api.web.Json;
import txlookup.api.web.Problem;
import txlookup.api.web.ProblemException;
import txlookup.api.web.Replies;
import txlookup.api.web.RequestTracing;

/**
 * A lookup's whole journey: admit its caller, choose the generation, look up, audit, answer. Nothing is answered before it
 * is audited.
 *
 * <p>A lookup over the rate leaves no row: it was not made.
 */
public final class AuditedRequests {
    /** How many rows are shown of more. */
    public static final String TRUNCATED = "X-Truncated";

    private static final Logger LOG = LoggerFactory.getLogger(AuditedRequests.class);
    /** What may take long however little there is of it; a lookup by id never does. */
    private static final Set<Subject> LONG_QUESTIONS = EnumSet.of(
            Subject.TRANSACTION_EXPLAINED,
            Subject.PAYMENT_ORDER_EXPLAINED,
            Subject.OPEN_PAIRS,
            Subject.SEARCH,
            Subject.MANY,
            Subject.WALLET_EXPORT,
            Subject.OPEN_PAIRS_EXPORT,
            Subject.SEARCH_EXPORT,
            Subject.DEAD_LETTERS,
            Subject.DEAD_LETTER);

    private final Callers callers;
    private final RequestRate rate;
    private final AuditWriter audit;
    private final DeniedRequests denials;
    private final RequestTracing tracing;
    private final GenerationChooser chosen;
    private final SharedLookups shared;
    private final ShadowReads shadows;
    private final PersonalData personal;
    private final Bulkhead longQuestions;
    private final Clock clock;

    public AuditedRequests(
            Callers callers,
            RequestRate rate,
            AuditWriter audit,
            DeniedRequests denials,
            RequestTracing tracing,
            GenerationChooser chosen,
            SharedLookups shared,
            ShadowReads shadows,
            PersonalData personal,
            Bulkhead longQuestions,
            Clock clock) {
        this.callers = callers;
        this.rate = rate;
        this.audit = audit;
        this.denials = denials;
        this.tracing = tracing;
        this.chosen = chosen;
        this.shared = shared;
        this.shadows = shadows;
        this.personal = personal;
        this.longQuestions = longQuestions;
        this.clock = clock;
    }

    /** What a caller does who was admitted, with the generation that answers. */
    @FunctionalInterface
    public interface Visit<T> {
        Seen<T> make(Caller caller, GenerationStore generation) throws SQLException;
    }

    /** What a caller does who was admitted and asks no generation. */
    @FunctionalInterface
    public interface Call<T> {
        Seen<T> make(Caller caller) throws SQLException;
    }

    /** What is asked of the store and is about no generation. */
    @FunctionalInterface
    public interface ControlInquiry {
        LookupResult run() throws SQLException;
    }

    @FunctionalInterface
    private interface Work<T> {
        Answered<Seen<T>> of(Caller caller) throws SQLException;
    }

    /**
     * What a visit came to.
     *
     * @param shown what is answered, once it is audited
     * @param status the answer's HTTP status
     * @param count how many resources are shown
     */
    public record Seen<T>(T shown, int status, int count) {
        private AuditRow.Result result() {
            if (status == HttpStatus.NOT_FOUND.value()) {
                return AuditRow.Result.NOT_FOUND;
            }
            return count == 0 ? AuditRow.Result.EMPTY : AuditRow.Result.FOUND;
        }
    }

    /**
     * Makes the visit if its caller may, and returns what it shows once it is audited. The answer names the generation.
     *
     * @throws DeniedException when the caller may not, which is audited too
     * @throws ProblemException 429 over the rate, 503 when it cannot be audited or nothing serves, 409 for a generation
     *     that cannot be read
     */
    public <T> T inquire(
            Subject subject, String id, HttpServletRequest request, HttpServletResponse response, Visit<T> visit)
            throws SQLException {
        return audited(
                        subject,
                        id,
                        request,
                        caller -> chosen.answer(
                                subject,
                                caller,
                                request,
                                response,
                                handle ->
                                        new SharedLookups.Answer<>(visit.make(caller, handle.store()), handle.store())))
                .value()
                .shown();
    }

    /** As {@link #inquire}, of what is common to generations: it is answered also while none serves. */
    public <T> T inquireOfControl(Subject subject, String id, HttpServletRequest request, Call<T> call)
            throws SQLException {
        return audited(subject, id, request, caller -> new Answered<>(call.make(caller), null, null))
                .value()
                .shown();
    }

    void answer(
            Subject subject,
            String id,
            SharedLookups.Question<LookupResult> question,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException, IOException {
        answerTo(subject, id, (caller, generation) -> question.of(generation), request, response);
    }

    /** What is asked of a generation where the answer depends on who asks. */
    @FunctionalInterface
    public interface CallersQuestion {
        LookupResult of(Caller caller, GenerationStore generation) throws SQLException;
    }

    /** As {@link #answer}, where the answer depends on who asks. */
    void answerTo(
            Subject subject,
            String id,
            CallersQuestion question,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException, IOException {
        send(
                response,
                inquire(
                        subject,
                        id,
                        request,
                        response,
                        (caller, generation) -> seen(question.of(caller, generation), caller)));
    }

    public void answerOfControl(
            Subject subject,
            String id,
            ControlInquiry inquiry,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException, IOException {
        send(response, inquireOfControl(subject, id, request, caller -> seen(inquiry.run(), caller)));
    }

    /**
     * As {@link #answer}; a candidate on trial answers its share. Once answered, both sides may be compared.
     *
     * @param asked reads the request, once and in its thread: the question may be put after the request's end
     */
    void answerShared(
            Subject subject,
            String id,
            Supplier<SharedLookups.Question<LookupResult>> asked,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException, IOException {
        AtomicReference<SharedLookups.Question<LookupResult>> question = new AtomicReference<>();
        Answered<Seen<Reply>> answered = audited(subject, id, request, caller -> {
            SharedLookups.Question<LookupResult> read = asked.get();
            question.set(read);
            return chosen.answer(
                    subject,
                    caller,
                    request,
                    response,
                    handle -> shared.answer(handle, id, generation -> seen(read.of(generation), caller)));
        });
        send(response, answered.value().shown());
        if (answered.known() != null) {
            shadows.offer(answered.known(), subject, id, question.get());
        }
    }

    /** One of several that were asked for together. */
    public record Each(Subject subject, String id, boolean found) {}

    /** What is shown of several, and what each was. */
    public record SeenEach<T>(T shown, List<Each> each) {}

    /** What a caller does who asks for several together. */
    @FunctionalInterface
    public interface VisitOfEach<T> {
        SeenEach<T> make(Caller caller, GenerationStore generation) throws SQLException;
    }

    /** As {@link #inquire}, with an audit row for each that was asked for. */
    public <T> T inquireEach(HttpServletRequest request, HttpServletResponse response, VisitOfEach<T> visit)
            throws SQLException {
        Started started = new Started(Subject.MANY, Subject.ALL, request, clock.instant(), System.nanoTime());
        try {
            Caller caller = admitted(started);
            Answered<SeenEach<T>> answered = answered(
                    Subject.MANY,
                    () -> chosen.answer(
                            Subject.MANY,
                            caller,
                            request,
                            response,
                            handle -> new SharedLookups.Answer<>(visit.make(caller, handle.store()), handle.store())));
            audit.writeAll(answered.value().each().stream()
                    .map(each -> row(started.of(each), caller, answered.generation(), each.found()))
                    .toList());
            return answered.value().shown();
        } catch (DeniedException denied) {
            throw audited(denied, started);
        }
    }

    private <T> T answered(Subject subject, Bulkhead.Question<T> question) throws SQLException {
        return LONG_QUESTIONS.contains(subject) ? longQuestions.during(question) : question.ask();
    }

    private AuditRow row(Started started, Caller caller, @Nullable Long generation, boolean found) {
        return found
                ? row(started, caller, AuditRow.Result.FOUND, HttpStatus.OK.value(), 1, generation)
                : row(started, caller, AuditRow.Result.NOT_FOUND, HttpStatus.NOT_FOUND.value(), 0, generation);
    }

    private Caller admitted(Started started) {
        Caller caller;
        try {
            caller = callers.admit();
            started.subject().require(caller);
            if (started.subject().takesAFreshSignIn()) {
                callers.requireFresh(caller);
            }
        } catch (DeniedException denied) {
            rate.admit(started.request().getRemoteAddr()); // or anyone could fill the audit
            throw denied;
        }
        rate.admit(caller.actor());
        return caller;
    }

    private <T> Answered<Seen<T>> audited(Subject subject, String id, HttpServletRequest request, Work<T> work)
            throws SQLException {
        Started started = new Started(subject, id, request, clock.instant(), System.nanoTime());
        Caller caller;
        try {
            caller = admitted(started);
        } catch (DeniedException denied) {
            throw audited(denied, started);
        }
        try (AuditWriter.Coming row = audit.coming()) {
            Answered<Seen<T>> answered = tracing.<Answered<Seen<T>>, SQLException>during(
                    "lookup", () -> answered(subject, () -> work.of(caller)));
            Seen<T> seen = answered.value();
            AuditRow audited = row(started, caller, seen.result(), seen.status(), seen.count(), answered.generation());
            return tracing.<Answered<Seen<T>>, RuntimeException>during("audit commit", () -> {
                row.write(audited);
                return answered;
            });
        } catch (DeniedException denied) {
            throw audited(denied, started);
        }
    }

    /**
     * Audits a form that is refused before anybody looked at what it asks for.
     *
     * @return what its sender is answered
     */
    public DeniedException refuse(HttpServletRequest request, String why) {
        Started started =
                new Started(Subject.FORM, request.getRequestURI(), request, clock.instant(), System.nanoTime());
        DeniedException denied;
        try {
            denied = DeniedException.refused(callers.admit(), why);
        } catch (DeniedException stranger) {
            denied = stranger;
        }
        rate.admit(request.getRemoteAddr());
        return audited(denied, started);
    }

    private static void send(HttpServletResponse response, Reply reply) throws IOException {
        if (reply.truncatedAt() != null) {
            response.setHeader(TRUNCATED, String.valueOf(reply.truncatedAt()));
        }
        Replies.send(response, reply.status(), reply.mediaType(), reply.body().getBytes(UTF_8));
    }

    private Seen<Reply> seen(LookupResult finding, Caller caller) {
        if (finding instanceof LookupResult.Found found) {
            Reply reply = new Reply(
                    HttpStatus.OK.value(), Json.MEDIA_TYPE, personal.json(found.body(), caller), found.truncatedAt());
            return new Seen<>(reply, reply.status(), found.count());
        }
        Problem problem = Problem.of(HttpStatus.NOT_FOUND, ((LookupResult.Missing) finding).detail());
        Reply reply = new Reply(problem.status(), Problem.MEDIA_TYPE, Json.text(problem), null);
        return new Seen<>(reply, problem.status(), 0);
    }

    private DeniedException audited(DeniedException denied, Started started) {
        int status = denied.problem().status();
        if (denials.write(row(started, denied.caller(), AuditRow.Result.DENIED, status, 0, null))) {
            LOG.info("Denied with {}: {}", status, denied.getMessage()); // strangers fill no log either
        }
        return denied;
    }

    private record Reply(
            int status,
            String mediaType,
            String body,
            @Nullable Integer truncatedAt) {}

    private record Started(Subject subject, String id, HttpServletRequest request, Instant at, long nanos) {
        Started of(Each each) {
            return new Started(each.subject(), each.id(), request, at, nanos);
        }
    }

    private AuditRow row(
            Started started, Caller caller, AuditRow.Result result, int status, int count, @Nullable Long generation) {
        HttpServletRequest request = started.request();
        long millis = Duration.ofNanos(System.nanoTime() - started.nanos()).toMillis();
        return new AuditRow(
                started.at(),
                caller.actor(),
                caller.roles(),
                request.getRemoteAddr(),
                request.getHeader(HttpHeaders.USER_AGENT),
                started.subject().action(),
                started.subject().resourceType(),
                started.subject() == Subject.SEARCH ? MaskedQuery.withoutCards(started.id()) : started.id(),
                request.getMethod(),
                request.getRequestURI(),
                MaskedQuery.of(request.getQueryString()),
                result,
                status,
                Math.toIntExact(millis),
                count,
                CorrelationId.of(request),
                generation);
    }
}

package txlookup.api.lookup;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import txlookup.api.audit.AuditRow;
import txlookup.api.audit.AuditWriter;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.auth.DeniedException;
import txlookup.api.freshness.DataAge;
import txlookup.api.generation.GenerationChooser;
import txlookup.api.generation.GenerationChooser.Answered;
import txlookup.api.generation.GenerationHandle;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.SharedLookups;
import txlookup.api.server.RequestTracing;
import txlookup.api.web.ProblemException;

/**
 * What every request does that looks up anything: admit its caller, ask, audit. What it returns may be shown, since it is
 * audited.
 */
@Component
public final class AuditedRequests {
    private final Admission admission;
    private final QuestionGuard guard;
    private final GenerationChooser chosen;
    private final AuditWriter audit;
    private final RequestTracing tracing;
    private final Clock clock;

    AuditedRequests(
            Admission admission,
            QuestionGuard guard,
            GenerationChooser chosen,
            AuditWriter audit,
            RequestTracing tracing,
            Clock clock) {
        this.admission = admission;
        this.guard = guard;
        this.chosen = chosen;
        this.audit = audit;
        this.tracing = tracing;
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

    /** What a caller does who asks for several together. */
    @FunctionalInterface
    public interface VisitOfEach<T> {
        SeenEach<T> make(Caller caller, GenerationStore generation) throws SQLException;
    }

    /** What is asked of a store. */
    @FunctionalInterface
    private interface OfStore<T> {
        T of(GenerationStore store) throws SQLException;
    }

    /** Asks whatever answers, for a caller who was admitted. */
    @FunctionalInterface
    interface Work<T> {
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

    /** One of several that were asked for together. */
    public record Each(Subject subject, String id, boolean found) {
        private Seen<String> seen() {
            return found ? new Seen<>(id, HttpStatus.OK.value(), 1) : new Seen<>(id, HttpStatus.NOT_FOUND.value(), 0);
        }
    }

    /** What is shown of several, and what each was. */
    public record SeenEach<T>(T shown, List<Each> each) {}

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
                                handle -> by(handle, store -> visit.make(caller, store))))
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

    /** As {@link #inquire}, with an audit row for each that was asked for. */
    public <T> T inquireEach(HttpServletRequest request, HttpServletResponse response, VisitOfEach<T> visit)
            throws SQLException {
        AskedRequest asked = AskedRequest.of(Subject.MANY, Subject.ALL, request, clock);
        Caller caller = admission.admit(asked);
        try {
            Answered<SeenEach<T>> answered = guard.ask(
                    Subject.MANY,
                    () -> chosen.answer(
                            Subject.MANY,
                            caller,
                            request,
                            response,
                            handle -> by(handle, store -> visit.make(caller, store))));
            audit.writeAll(answered.value().each().stream()
                    .map(each -> row(asked.about(each.subject(), each.id()), caller, each.seen(), answered))
                    .toList());
            return answered.value().shown();
        } catch (DeniedException denied) {
            throw admission.audited(denied, asked);
        }
    }

    /**
     * Audits a form that is refused before anybody looked at what it asks for.
     *
     * @return what its sender is answered
     */
    public DeniedException refuse(HttpServletRequest request, String why) {
        return admission.refuse(AskedRequest.of(Subject.FORM, request.getRequestURI(), request, clock), why);
    }

    /** Admits, asks and audits. The generation may deny what it is asked for as well. */
    <T> Answered<Seen<T>> audited(Subject subject, String id, HttpServletRequest request, Work<T> work)
            throws SQLException {
        AskedRequest asked = AskedRequest.of(subject, id, request, clock);
        Caller caller = admission.admit(asked);
        try (AuditWriter.Coming coming = audit.coming()) {
            Answered<Seen<T>> answered = tracing.<Answered<Seen<T>>, SQLException>during(
                    "lookup", () -> guard.ask(subject, () -> work.of(caller)));
            AuditRow row = row(asked, caller, answered.value(), answered);
            return tracing.<Answered<Seen<T>>, RuntimeException>during("audit commit", () -> {
                coming.write(row);
                return answered;
            });
        } catch (DeniedException denied) {
            throw admission.audited(denied, asked);
        }
    }

    private static AuditRow row(AskedRequest asked, Caller caller, Seen<?> seen, Answered<?> answered) {
        return asked.row(caller, seen.result(), seen.status(), seen.count(), answered.generation());
    }

    private static <T> SharedLookups.Answer<T> by(GenerationHandle handle, OfStore<T> question) throws SQLException {
        DataAge age = handle.store().age();
        return new SharedLookups.Answer<>(question.of(handle.store()), handle.store(), age);
    }
}

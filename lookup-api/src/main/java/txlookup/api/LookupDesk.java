package txlookup.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A lookup's whole journey: admit its caller, look up, audit, answer. Nothing is answered before it is audited.
 *
 * <p>A lookup over the rate leaves no row: it was not made.
 */
public final class LookupDesk {
    private final Callers callers;
    private final ClientAddress clientAddress;
    private final RequestRate rate;
    private final AuditWriter audit;
    private final RequestTracing tracing;
    private final Clock clock;

    LookupDesk(
            Callers callers,
            ClientAddress clientAddress,
            RequestRate rate,
            AuditWriter audit,
            RequestTracing tracing,
            Clock clock) {
        this.callers = callers;
        this.clientAddress = clientAddress;
        this.rate = rate;
        this.audit = audit;
        this.tracing = tracing;
        this.clock = clock;
    }

    /** What is asked of the store. */
    @FunctionalInterface
    interface Inquiry {
        Finding run() throws SQLException;
    }

    /** What a caller does who was admitted. */
    @FunctionalInterface
    public interface Visit<T> {
        Seen<T> make(Caller caller) throws SQLException;
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
     * Makes the visit if its caller may, and returns what it shows once it is audited.
     *
     * @throws DeniedException when the caller may not, which is audited too
     * @throws ProblemException 429 over the rate, 503 when it cannot be audited
     */
    public <T> T inquire(Subject subject, String id, HttpServletRequest request, Visit<T> visit) throws SQLException {
        Started started = new Started(subject, id, request, clock.instant(), System.nanoTime());
        Caller caller;
        try {
            caller = callers.admit(request);
            subject.require(caller);
        } catch (DeniedException denied) {
            rate.admit(clientAddress.of(request)); // or anyone could fill the audit
            throw audited(denied, started);
        }
        rate.admit(caller.actor());
        try (AuditWriter.Coming row = audit.coming()) {
            Seen<T> seen = tracing.<Seen<T>, SQLException>during("lookup", () -> visit.make(caller));
            AuditRow audited = row(started, caller, seen.result(), seen.status(), seen.count());
            return tracing.<T, RuntimeException>during("audit commit", () -> {
                row.write(audited);
                return seen.shown();
            });
        } catch (DeniedException denied) {
            throw audited(denied, started);
        }
    }

    void answer(Subject subject, String id, Inquiry inquiry, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Reply reply = inquire(subject, id, request, caller -> seen(inquiry.run()));
        Replies.send(response, reply.status(), reply.mediaType(), reply.body().getBytes(UTF_8));
    }

    private static Seen<Reply> seen(Finding finding) {
        if (finding instanceof Finding.Found found) {
            Reply reply = new Reply(HttpStatus.OK.value(), Json.MEDIA_TYPE, Json.text(found.body()));
            return new Seen<>(reply, reply.status(), found.count());
        }
        Problem problem = Problem.of(HttpStatus.NOT_FOUND, ((Finding.Missing) finding).detail());
        return new Seen<>(new Reply(problem.status(), Problem.MEDIA_TYPE, Json.text(problem)), problem.status(), 0);
    }

    private DeniedException audited(DeniedException denied, Started started) {
        int status = denied.problem().status();
        audit.write(row(started, denied.caller(), AuditRow.Result.DENIED, status, 0));
        return denied;
    }

    private record Reply(int status, String mediaType, String body) {}

    private record Started(Subject subject, String id, HttpServletRequest request, Instant at, long nanos) {}

    private AuditRow row(Started started, Caller caller, AuditRow.Result result, int status, int count) {
        HttpServletRequest request = started.request();
        long millis = Duration.ofNanos(System.nanoTime() - started.nanos()).toMillis();
        return new AuditRow(
                started.at(),
                caller.actor(),
                caller.roles(),
                clientAddress.of(request),
                request.getHeader(HttpHeaders.USER_AGENT),
                started.subject().action(),
                started.subject().resourceType(),
                started.id(),
                request.getMethod(),
                request.getRequestURI(),
                MaskedQuery.of(request.getQueryString()),
                result,
                status,
                Math.toIntExact(millis),
                count,
                CorrelationId.of(request));
    }
}

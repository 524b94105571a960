package txlookup.api;

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
final class LookupDesk {
    private final Callers callers;
    private final ClientAddress clientAddress;
    private final RequestRate rate;
    private final AuditWriter audit;
    private final Clock clock;

    LookupDesk(Callers callers, ClientAddress clientAddress, RequestRate rate, AuditWriter audit, Clock clock) {
        this.callers = callers;
        this.clientAddress = clientAddress;
        this.rate = rate;
        this.audit = audit;
        this.clock = clock;
    }

    /** What is asked of the store. */
    @FunctionalInterface
    interface Inquiry {
        Finding run() throws SQLException;
    }

    void answer(Subject subject, String id, Inquiry inquiry, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        Started started = new Started(subject, id, request, clock.instant(), System.nanoTime());
        Caller caller;
        try {
            caller = callers.admit(request);
            subject.require(caller);
        } catch (DeniedException denied) {
            rate.admit(clientAddress.of(request)); // or anyone could fill the audit
            audit.write(row(
                    started,
                    denied.caller(),
                    AuditRow.Result.DENIED,
                    denied.problem().status(),
                    0));
            throw denied;
        }
        rate.admit(caller.actor());
        Finding finding = inquiry.run();
        if (finding instanceof Finding.Found found) {
            byte[] body = Json.bytes(found.body());
            AuditRow.Result result = found.count() == 0 ? AuditRow.Result.EMPTY : AuditRow.Result.FOUND;
            audit.write(row(started, caller, result, HttpStatus.OK.value(), found.count()));
            Replies.send(response, HttpStatus.OK.value(), Json.MEDIA_TYPE, body);
        } else if (finding instanceof Finding.Missing missing) {
            audit.write(row(started, caller, AuditRow.Result.NOT_FOUND, HttpStatus.NOT_FOUND.value(), 0));
            Replies.send(response, Problem.of(HttpStatus.NOT_FOUND, missing.detail()));
        }
    }

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

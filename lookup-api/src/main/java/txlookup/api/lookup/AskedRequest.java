package txlookup.api.lookup;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import txlookup.api.audit.AuditRow;
import txlookup.api.audit.MaskedQuery;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.web.CorrelationId;

/**
 * A request with what it asks for, as its audit row tells it.
 *
 * @param at when it came
 * @param nanos the same, for how long it takes
 */
record AskedRequest(Subject subject, String id, HttpServletRequest request, Instant at, long nanos) {
    static AskedRequest of(Subject subject, String id, HttpServletRequest request, Clock clock) {
        return new AskedRequest(subject, id, request, clock.instant(), System.nanoTime());
    }

    /** The same request, as far as it asks for this. */
    AskedRequest about(Subject one, String oneId) {
        return new AskedRequest(one, oneId, request, at, nanos);
    }

    /** @param generation which one answered; null where none did */
    AuditRow row(Caller caller, AuditRow.Result result, int status, int count, @Nullable Long generation) {
        return new AuditRow(
                at,
                caller.actor(),
                caller.roles(),
                request.getRemoteAddr(),
                request.getHeader(HttpHeaders.USER_AGENT),
                subject.action(),
                subject.resourceType(),
                subject == Subject.SEARCH ? MaskedQuery.withoutCards(id) : id,
                request.getMethod(),
                request.getRequestURI(),
                MaskedQuery.of(request.getQueryString()),
                result,
                status,
                Math.toIntExact(Duration.ofNanos(System.nanoTime() - nanos).toMillis()),
                count,
                CorrelationId.of(request),
                generation);
    }
}

package txlookup.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import txlookup.api.audit.AuditRow;
import txlookup.api.audit.AuditWriter;
import txlookup.api.audit.DeniedRequests;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.auth.SignInAddress;
import txlookup.api.web.CorrelationId;

/**
 * Audits who signed in and out, from where, and who tried to. The query of a sign-in stays out: it holds the issuer's code.
 * What cannot be audited does not happen, as with lookups.
 */
final class SignInAudit {
    private static final String UNKNOWN_ERROR = "error=unknown";

    private final AuditWriter audit;
    private final DeniedRequests denials;
    private final Clock clock;

    SignInAudit(AuditWriter audit, DeniedRequests denials, Clock clock) {
        this.audit = audit;
        this.denials = denials;
        this.clock = clock;
    }

    /** @throws txlookup.api.web.ProblemException 503 when the row cannot be written */
    void signedIn(Authentication person, HttpServletRequest request) {
        audit.write(row(Subject.SIGN_IN, person, AuditRow.Result.FOUND, HttpStatus.FOUND, null, request));
    }

    /** @throws txlookup.api.web.ProblemException 503 when the row cannot be written */
    void signedOut(Authentication person, HttpServletRequest request) {
        audit.write(row(Subject.SIGN_OUT, person, AuditRow.Result.FOUND, HttpStatus.FOUND, null, request));
    }

    /** Strangers cause these, so they have a budget. */
    void refused(AuthenticationException failure, HttpServletRequest request) {
        String error = failure instanceof OAuth2AuthenticationException known
                ? "error=" + known.getError().getErrorCode()
                : UNKNOWN_ERROR;
        denials.write(row(Subject.SIGN_IN, null, AuditRow.Result.DENIED, HttpStatus.UNAUTHORIZED, error, request));
    }

    private AuditRow row(
            Subject subject,
            @Nullable Authentication person,
            AuditRow.Result result,
            HttpStatus status,
            @Nullable String query,
            HttpServletRequest request) {
        return new AuditRow(
                clock.instant(),
                person == null ? Caller.ANONYMOUS.actor() : person.getName(),
                person == null ? List.of() : roles(person),
                request.getRemoteAddr(),
                request.getHeader(HttpHeaders.USER_AGENT),
                subject.action(),
                subject.resourceType(),
                SignInAddress.CLIENT,
                request.getMethod(),
                request.getRequestURI(),
                query,
                result,
                status.value(),
                0,
                result == AuditRow.Result.FOUND ? 1 : 0,
                CorrelationId.of(request),
                null);
    }

    private static List<String> roles(Authentication person) {
        return person.getAuthorities().stream()
                .filter(authority -> !(authority instanceof FactorGrantedAuthority))
                .map(GrantedAuthority::getAuthority)
                .toList();
    }
}

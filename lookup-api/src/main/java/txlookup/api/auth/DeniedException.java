package txlookup.api.auth;

import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import txlookup.api.web.ProblemException;

/** A lookup that its caller may not make; it is audited like one that they may. */
public final class DeniedException extends ProblemException {
    private final transient Caller caller;

    private DeniedException(HttpStatus status, String detail, String challenge, Caller caller) {
        super(status, detail, Map.of(HttpHeaders.WWW_AUTHENTICATE, challenge));
        this.caller = caller;
    }

    static DeniedException noToken() {
        return new DeniedException(
                HttpStatus.UNAUTHORIZED,
                "a bearer token is needed in the header Authorization",
                "Bearer",
                Caller.ANONYMOUS);
    }

    /** Says the same of every bad token; the log says what is wrong with it. */
    static DeniedException badToken() {
        return new DeniedException(
                HttpStatus.UNAUTHORIZED,
                "the bearer token is not valid",
                "Bearer error=\"invalid_token\"",
                Caller.ANONYMOUS);
    }

    static DeniedException noRole(Caller caller) {
        return new DeniedException(
                HttpStatus.FORBIDDEN,
                "one of the roles ADMIN_READ and ADMIN_AUDIT is needed",
                "Bearer error=\"insufficient_scope\"",
                caller);
    }

    /** 403: looking up is not enough for this. */
    public static DeniedException noRole(Caller caller, String role) {
        return new DeniedException(
                HttpStatus.FORBIDDEN, "the role " + role + " is needed", "Bearer error=\"insufficient_scope\"", caller);
    }

    /** 403 for a reason other than a role. */
    public static DeniedException refused(Caller caller, String detail) {
        return new DeniedException(HttpStatus.FORBIDDEN, detail, "Bearer", caller);
    }

    /** Whom to name in the audit row; anonymous unless a valid token said who it is. */
    public Caller caller() {
        return caller;
    }
}

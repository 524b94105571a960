package txlookup.api.auth;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import txlookup.api.web.ProblemException;

/** A lookup that its caller may not make; it is audited like one that they may. */
public final class DeniedException extends ProblemException {
    private final transient Caller caller;

    private final boolean mendedBySigningIn;

    private DeniedException(HttpStatus status, String detail, String challenge, Caller caller) {
        this(status, detail, challenge, caller, detail, status == HttpStatus.UNAUTHORIZED);
    }

    private DeniedException(
            HttpStatus status,
            String detail,
            String challenge,
            Caller caller,
            String reason,
            boolean mendedBySigningIn) {
        super(status, detail, Map.of(HttpHeaders.WWW_AUTHENTICATE, challenge), reason);
        this.caller = caller;
        this.mendedBySigningIn = mendedBySigningIn;
    }

    static DeniedException noToken() {
        return new DeniedException(
                HttpStatus.UNAUTHORIZED,
                "a bearer token is needed in the header Authorization",
                "Bearer",
                Caller.ANONYMOUS);
    }

    /** Says the same of every bad token; the log says what is wrong with it. */
    public static DeniedException badToken(@Nullable String reason) {
        return new DeniedException(
                HttpStatus.UNAUTHORIZED,
                "the bearer token is not valid",
                "Bearer error=\"invalid_token\"",
                Caller.ANONYMOUS,
                "Bearer token refused: " + String.valueOf(reason).replaceAll("\\p{Cntrl}", " "),
                true);
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

    /** 403: the act takes a person who proved just now who they are. */
    public static DeniedException notFresh(Caller caller, Duration within) {
        String detail = "this act takes a sign-in of the last %d s; sign in again".formatted(within.toSeconds());
        return new DeniedException(HttpStatus.FORBIDDEN, detail, "Bearer", caller, detail, true);
    }

    /** 403 for a reason other than a role. */
    public static DeniedException refused(Caller caller, String detail) {
        return new DeniedException(HttpStatus.FORBIDDEN, detail, "Bearer", caller);
    }

    /** Whether the same is answered once its caller has signed in, or signed in again. */
    public boolean isMendedBySigningIn() {
        return mendedBySigningIn;
    }

    /** Whom to name in the audit row; anonymous unless a valid token said who it is. */
    public Caller caller() {
        return caller;
    }
}

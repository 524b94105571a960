package txlookup.api.auth;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import txlookup.api.web.ProblemException;

/** A bearer token that names nobody. The request continues, so that its refusal is audited with what it was about. */
public final class RefusedToken extends AbstractAuthenticationToken {
    private final transient ProblemException reason;

    public RefusedToken(ProblemException reason) {
        super(List.of());
        this.reason = reason;
    }

    ProblemException reason() {
        return reason;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return Caller.ANONYMOUS.actor();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

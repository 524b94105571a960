package txlookup.api.auth;

import jakarta.servlet.http.HttpServletRequest;
import txlookup.api.web.ProblemException;

/** Knows who may look up. */
public interface Callers {
    /**
     * The caller, who may look up.
     *
     * @throws DeniedException when they may not: 401 without a valid token, 403 without a role
     * @throws ProblemException 503 when it cannot be told now
     */
    Caller admit(HttpServletRequest request);
}

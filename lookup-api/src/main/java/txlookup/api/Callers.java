package txlookup.api;

import jakarta.servlet.http.HttpServletRequest;

/** Knows who may look up. */
interface Callers {
    /**
     * The caller, who may look up.
     *
     * @throws DeniedException when they may not: 401 without a valid token, 403 without a role
     * @throws ProblemException 503 when it cannot be told now
     */
    Caller admit(HttpServletRequest request);
}

package txlookup.api.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as the audit row names them.
 *
 * @param session absent for a caller who sends a token, or a name, with each request
 */
public record Caller(String actor, List<String> roles, Optional<Session> session) {
    /** Who did not say who they are. */
    public static final Caller ANONYMOUS = new Caller("anonymous", List.of());

    /** May look up. */
    public static final String READ = "ADMIN_READ";
    /** May look up, and see who looked up what. */
    public static final String AUDIT = "ADMIN_AUDIT";
    /** May act. */
    public static final String OPERATE = "ADMIN_OPERATE";
    /** Sees personal data where others see it masked. Looking up is no part of it. */
    public static final String PII = "ADMIN_PII";

    private static final Set<String> LOOKUP_ROLES = Set.of(READ, AUDIT);

    /** Without a session. */
    public Caller(String actor, List<String> roles) {
        this(actor, roles, Optional.empty());
    }

    /**
     * A person's session in the console.
     *
     * @param name what the person is called
     * @param at when the issuer last saw the person's credentials; null where the issuer does not say
     */
    public record Session(String name, @Nullable Instant at) {
        boolean isYounger(Instant than) {
            return at != null && !at.isBefore(than);
        }
    }

    public boolean hasLookupRole() {
        return roles.stream().anyMatch(LOOKUP_ROLES::contains);
    }

    /** Whether they may see who looked up what. */
    public boolean mayAudit() {
        return roles.contains(AUDIT);
    }

    /** Whether they may act, on dead letters for instance. Looking up is no part of it. */
    public boolean mayOperate() {
        return roles.contains(OPERATE);
    }

    /** Whether they signed in since then. Who has no session proves with each request who they are. */
    public boolean signedInSince(Instant then) {
        return session.isEmpty() || session.get().isYounger(then);
    }
}

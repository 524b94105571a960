package txlookup.api.auth;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import txlookup.api.config.Authentication;
import txlookup.api.web.ProblemException;

/** Knows whom the filter chains authenticated, and whether they may look up. */
public final class Callers {
    private final boolean rolesAreNeeded;
    private final Duration fresh;
    private final Clock clock;

    public Callers(Authentication how, Clock clock) {
        this.rolesAreNeeded = !(how instanceof Authentication.Disabled);
        this.fresh = how.signIn().map(signIn -> signIn.fresh()).orElse(Duration.ZERO);
        this.clock = clock;
    }

    /**
     * The caller of this thread's request, who may look up.
     *
     * @throws DeniedException when they may not: 401 without a valid token or a session, 403 without a role
     * @throws ProblemException 503 when it cannot be told now
     */
    public Caller admit() {
        org.springframework.security.core.Authentication authentication =
                SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof RefusedToken refused) {
            throw refused.reason();
        }
        if (authentication == null || !isKnown(authentication)) {
            throw DeniedException.noToken();
        }
        Caller caller = caller(authentication);
        if (!caller.hasLookupRole() && (rolesAreNeeded || !caller.roles().isEmpty())) {
            throw DeniedException.noRole(caller);
        }
        return caller;
    }

    /** Whether this thread's request says who asks, and is believed. What they may do is another question. */
    public static boolean isKnown() {
        return isKnown(SecurityContextHolder.getContext().getAuthentication());
    }

    private static boolean isKnown(org.springframework.security.core.@Nullable Authentication authentication) {
        return authentication != null
                && authentication.isAuthenticated()
                && !(authentication instanceof AnonymousAuthenticationToken)
                && !(authentication instanceof RefusedToken);
    }

    /** Whether the caller signed in recently enough for an act that cannot be undone. */
    public boolean isFresh(Caller caller) {
        return caller.signedInSince(clock.instant().minus(fresh));
    }

    /** @throws DeniedException 403 when a person signed in too long ago for an act that cannot be undone */
    public void requireFresh(Caller caller) {
        if (!isFresh(caller)) {
            throw DeniedException.notFresh(caller, fresh);
        }
    }

    private static Caller caller(org.springframework.security.core.Authentication authentication) {
        List<String> roles = authentication.getAuthorities().stream()
                .filter(authority -> !(authority instanceof FactorGrantedAuthority))
                .map(GrantedAuthority::getAuthority)
                .toList();
        Optional<Caller.Session> session = authentication.getPrincipal() instanceof OidcUser person
                ? Optional.of(
                        new Caller.Session(name(person), person.getIdToken().getAuthenticatedAt()))
                : Optional.empty();
        return new Caller(authentication.getName(), roles, session);
    }

    private static String name(OidcUser person) {
        return Optional.ofNullable(person.getIdToken().getPreferredUsername())
                .or(() -> Optional.ofNullable(person.getIdToken().getFullName()))
                .orElse(person.getName());
    }
}

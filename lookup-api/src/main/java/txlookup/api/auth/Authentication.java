package txlookup.api.auth;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who may look up (docs/contract.md, Auth). */
public sealed interface Authentication {

    /** Everyone may; the actor is what {@code X-Actor-Id} and {@code X-Actor-Roles} say. Stage {@code local} only. */
    record Disabled() implements Authentication {}

    /**
     * Callers carry a bearer token (JWT) of an OpenID Connect issuer.
     *
     * @param issuer the {@code iss} that tokens must carry, exactly
     * @param audience the {@code aud} that tokens must carry
     * @param jwksUri where the issuer's keys are; absent, the issuer's {@code .well-known/openid-configuration} says it
     * @param clockSkew how far the issuer's clock may be off; 60 s is usual
     */
    record Oidc(URI issuer, String audience, Optional<URI> jwksUri, Duration clockSkew) implements Authentication {
        public void check(List<String> problems) {
            http(issuer, "authentication.issuer", problems);
            jwksUri.ifPresent(uri -> http(uri, "authentication.jwksUri", problems));
            if (audience.isBlank()) {
                problems.add("authentication.audience is blank; name the audience that tokens carry");
            }
            if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(10)) > 0) {
                problems.add("authentication.clockSkew is %s; 0 to 10 minutes is possible".formatted(clockSkew));
            }
        }

        private static void http(URI uri, String name, List<String> problems) {
            if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
                problems.add("%s is '%s'; an http or https URL is needed".formatted(name, uri));
            }
        }
    }
}

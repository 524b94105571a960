package txlookup.api.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who may look up (docs/contract.md, Auth). */
public sealed interface Authentication {
    /** How people sign in to the console; empty where they do not. */
    default Optional<SignIn> signIn() {
        return Optional.empty();
    }

    /** Everyone may; the actor is what {@code X-Actor-Id} and {@code X-Actor-Roles} say. Stage {@code local} only. */
    record Disabled() implements Authentication {}

    /**
     * Callers carry a bearer token (JWT) of an OpenID Connect issuer.
     *
     * @param issuer the {@code iss} that tokens must carry, exactly
     * @param audience the {@code aud} that tokens must carry
     * @param jwksUri where the issuer's keys are; absent, the issuer's {@code .well-known/openid-configuration} says it
     * @param clockSkew how far the issuer's clock may be off; 60 s is usual
     * @param signIn how people sign in to the console; absent, the console takes bearer tokens only
     */
    record Oidc(URI issuer, String audience, Optional<URI> jwksUri, Duration clockSkew, Optional<SignIn> signIn)
            implements Authentication {
        /** Without sign-in. */
        public Oidc(URI issuer, String audience, Optional<URI> jwksUri, Duration clockSkew) {
            this(issuer, audience, jwksUri, clockSkew, Optional.empty());
        }

        public void check(List<String> problems) {
            http(issuer, "authentication.issuer", problems);
            jwksUri.ifPresent(uri -> http(uri, "authentication.jwksUri", problems));
            if (audience.isBlank()) {
                problems.add("authentication.audience is blank; name the audience that tokens carry");
            }
            if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(10)) > 0) {
                problems.add("authentication.clockSkew is %s; 0 to 10 minutes is possible".formatted(clockSkew));
            }
            signIn.ifPresent(how -> how.check(problems));
        }

        private static void http(URI uri, String name, List<String> problems) {
            if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
                problems.add("%s is '%s'; an http or https URL is needed".formatted(name, uri));
            }
        }
    }

    /**
     * How people sign in to the console: OpenID Connect's authorization code flow with PKCE.
     *
     * @param clientId the console's own id at the issuer
     * @param clientSecret absent for a public client
     * @param idle a session that nobody used for so long ends
     * @param longest a session ends after so long in any case
     * @param fresh an act that cannot be undone takes a sign-in that is no older
     */
    record SignIn(String clientId, Optional<String> clientSecret, Duration idle, Duration longest, Duration fresh) {
        private void check(List<String> problems) {
            if (clientId.isBlank()) {
                problems.add("authentication.signIn.clientId is blank; name the console's id at the issuer");
            }
            for (Duration each : List.of(idle, longest, fresh)) {
                if (each.toSeconds() < 1) {
                    problems.add("authentication.signIn has a time of %s; at least 1 s is needed".formatted(each));
                }
            }
        }

        /** Shows no secret. */
        @Override
        public String toString() {
            return "SignIn[clientId=%s, idle=%s, longest=%s, fresh=%s]".formatted(clientId, idle, longest, fresh);
        }
    }
}

package txlookup.profiles.settings;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Who may look up.
 *
 * @param mode whether callers are authenticated; default {@link AuthMode#OIDC}
 * @param issuer issuer that a token must name; see {@code Profile.requireReadyToServe()}
 * @param audience audience that a token must name; see {@code Profile.requireReadyToServe()}
 * @param jwksUri where the issuer's keys are; default: found through the issuer
 * @param clockSkew how far the issuer's clock may be off; default 60 s
 * @param signIn how people sign in to the console
 */
public record AuthSettings(
        AuthMode mode,
        Optional<URI> issuer,
        Optional<String> audience,
        Optional<URI> jwksUri,
        Duration clockSkew,
        SignInSettings signIn) {

    public AuthSettings {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(audience, "audience");
        Objects.requireNonNull(jwksUri, "jwksUri");
        Objects.requireNonNull(clockSkew, "clockSkew");
        Objects.requireNonNull(signIn, "signIn");
    }
}

package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How people sign in to the console.
 *
 * @param clientId the console's own id at the issuer; default: people do not sign in
 * @param clientSecretVariable name of the secret that the issuer gave the console; default: it is a public client
 * @param idle a session that nobody used for so long ends; default 30 min
 * @param longest a session ends after so long in any case; default 8 h
 * @param fresh how old a sign-in may be for an act that cannot be undone; default 5 min
 */
public record SignInSettings(
        Optional<String> clientId,
        Optional<String> clientSecretVariable,
        Duration idle,
        Duration longest,
        Duration fresh) {

    public SignInSettings {
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(clientSecretVariable, "clientSecretVariable");
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(longest, "longest");
        Objects.requireNonNull(fresh, "fresh");
    }
}

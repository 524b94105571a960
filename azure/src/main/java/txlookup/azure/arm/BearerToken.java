package txlookup.azure.arm;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import txlookup.azure.login.Identity;

/** The token that a resource manager or an API wants: of whoever is logged in, or of the managed identity; none on this machine. */
public final class BearerToken {
    private BearerToken() {}

    /** A source of tokens for that endpoint; each is kept and renewed before it ends. */
    public static Supplier<Optional<String>> forEndpoint(URI endpoint) {
        if (ArmClient.isThisMachine(endpoint)) {
            return Optional::empty;
        }
        return forAudience(endpoint.toString());
    }

    /** A source of tokens that name that audience, such as a lookup API's. */
    public static Supplier<Optional<String>> forAudience(String audience) {
        TokenCredential credential = Identity.ofThisProcess();
        TokenRequestContext scope = new TokenRequestContext().addScopes(audience + "/.default");
        return () -> Optional.of(credential.getTokenSync(scope).getToken());
    }
}

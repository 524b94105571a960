package txlookup.azure.arm;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.DefaultAzureCredentialBuilder;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/** The token that a resource manager or an API wants: of whoever is logged in, or of the managed identity; none on this machine. */
public final class BearerToken {
    private BearerToken() {}

    /** A source of tokens for that endpoint; tokens are renewed by Azure Identity as they run out. */
    public static Supplier<Optional<String>> forEndpoint(URI endpoint) {
        if (ArmClient.isThisMachine(endpoint)) {
            return Optional::empty;
        }
        return forAudience(endpoint.toString());
    }

    /** A source of tokens that name that audience, such as a lookup API's. */
    public static Supplier<Optional<String>> forAudience(String audience) {
        TokenCredential credential = new DefaultAzureCredentialBuilder().build();
        TokenRequestContext scope = new TokenRequestContext().addScopes(audience + "/.default");
        return () -> Optional.of(credential.getTokenSync(scope).getToken());
    }
}

package txlookup.azure.arm;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.DefaultAzureCredentialBuilder;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/** The token that a resource manager wants: of whoever is logged in, or of the managed identity; none on this machine. */
public final class BearerToken {
    private BearerToken() {}

    /** A source of tokens for that endpoint; tokens are renewed by Azure Identity as they run out. */
    public static Supplier<Optional<String>> forEndpoint(URI endpoint) {
        if (ArmClient.isThisMachine(endpoint)) {
            return Optional::empty;
        }
        TokenCredential credential = new DefaultAzureCredentialBuilder().build();
        TokenRequestContext scope = new TokenRequestContext().addScopes(endpoint + "/.default");
        return () -> Optional.of(credential.getTokenSync(scope).getToken());
    }
}

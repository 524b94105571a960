package txlookup.azure.login;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.SimpleTokenCache;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Keeps a credential's tokens, one for each scope, and renews them before they end. Azure Identity leaves that to each
 * credential, and the one of Azure's command line starts a process for every token.
 */
final class CachedCredential implements TokenCredential {
    private final TokenCredential credential;
    private final Map<String, SimpleTokenCache> byScopes = new ConcurrentHashMap<>();

    CachedCredential(TokenCredential credential) {
        this.credential = credential;
    }

    @Override
    public Mono<AccessToken> getToken(TokenRequestContext request) {
        // Claims answer a challenge and want another token than the one that was challenged.
        return request.getClaims() == null
                ? byScopes.computeIfAbsent(
                                String.join(" ", request.getScopes()),
                                scopes -> new SimpleTokenCache(() -> credential.getToken(request)))
                        .getToken()
                : credential.getToken(request);
    }
}

package txlookup.azure.login;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/**
 * Logs a Kafka client in to Event Hubs with a token of Azure Identity. Made by the client from its class name; the scope
 * is the namespace that the client is given as its bootstrap server.
 */
public final class EntraCallbackHandler implements AuthenticateCallbackHandler {
    private final TokenCredential credential;
    private TokenRequestContext scope = new TokenRequestContext();

    /** For the Kafka client. */
    public EntraCallbackHandler() {
        this(Identity.ofThisProcess());
    }

    EntraCallbackHandler(TokenCredential credential) {
        this.credential = credential;
    }

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> entries) {
        Object servers = settings.get("bootstrap.servers");
        String first = servers instanceof List<?> list ? String.valueOf(list.get(0)) : String.valueOf(servers);
        if (!mechanism.equals("OAUTHBEARER") || !first.matches("[a-z0-9.-]+:\\d+(,.*)?")) {
            throw new IllegalArgumentException(
                    "a login as an identity is for OAUTHBEARER and one namespace, not for %s and %s"
                            .formatted(mechanism, first));
        }
        scope = new TokenRequestContext().addScopes("https://" + first.substring(0, first.indexOf(':')) + "/.default");
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (!(callback instanceof OAuthBearerTokenCallback wanted)) {
                throw new UnsupportedCallbackException(callback);
            }
            wanted.token(token());
        }
    }

    private OAuthBearerToken token() throws IOException {
        try {
            return new EntraToken(credential.getTokenSync(scope), OffsetDateTime.now(ZoneOffset.UTC));
        } catch (RuntimeException e) {
            throw new IOException(
                    "no token for %s; log in, or give the container its identity: %s"
                            .formatted(scope.getScopes(), e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        // The credential holds nothing that has to be given back.
    }

    private record EntraToken(AccessToken token, OffsetDateTime begun) implements OAuthBearerToken {
        @Override
        public String value() {
            return token.getToken();
        }

        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public long lifetimeMs() {
            return token.getExpiresAt().toInstant().toEpochMilli();
        }

        @Override
        public String principalName() {
            return "identity";
        }

        @Override
        public Long startTimeMs() {
            return begun.toInstant().toEpochMilli();
        }

        @Override
        public String toString() {
            return "a token until " + token.getExpiresAt();
        }
    }
}

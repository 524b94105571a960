package txlookup.azure.login;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import java.util.Properties;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * Gives PostgreSQL's driver a token of Azure Identity for a password. Made by the driver from its class name for each
 * physical connection, and asked then: the server looks at a token at login only, so a connection may outlive its token
 * and the next one gets the next token.
 */
public final class EntraPassword implements AuthenticationPlugin {
    private static final TokenRequestContext SCOPE =
            new TokenRequestContext().addScopes("https://ossrdbms-aad.database.windows.net/.default");

    private final TokenCredential credential;

    /** For the driver. */
    public EntraPassword(Properties settings) {
        this(Identity.ofThisProcess());
    }

    EntraPassword(TokenCredential credential) {
        this.credential = credential;
    }

    /**
     * The token; the driver wipes the array after use.
     *
     * @throws PSQLException when there is none that is valid now; never with a token in it
     */
    @Override
    public char[] getPassword(AuthenticationRequestType type) throws PSQLException {
        AccessToken token;
        try {
            token = credential.getTokenSync(SCOPE);
        } catch (RuntimeException e) {
            throw refused("no token for PostgreSQL; log in, or give the container its identity: " + e.getMessage(), e);
        }
        if (token == null || token.isExpired()) {
            throw refused(
                    "the token for PostgreSQL is %s; check this machine's clock and the token issuer"
                            .formatted(token == null ? "missing" : "over since " + token.getExpiresAt()),
                    null);
        }
        return token.getToken().toCharArray();
    }

    private static PSQLException refused(String message, Throwable cause) {
        return new PSQLException(message, PSQLState.CONNECTION_UNABLE_TO_CONNECT, cause);
    }
}

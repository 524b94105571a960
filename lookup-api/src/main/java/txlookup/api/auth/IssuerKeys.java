package txlookup.api.auth;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An issuer's public keys: kept for a while, read anew when a token names an unknown one, but not more often than an
 * attacker's made-up key ids may cause, and still used for a time when the issuer is away.
 */
public final class IssuerKeys {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration KEPT_WHILE_ISSUER_IS_AWAY = Duration.ofHours(4);
    /** In each such time, two reads at most. */
    private static final Duration BETWEEN_READS = Duration.ofSeconds(30);

    private static final int MOST_BYTES = 512 * 1024;

    private final ResourceRetriever http = new DefaultResourceRetriever(2_000, 5_000, MOST_BYTES);
    private final Authentication.Oidc oidc;
    private final AtomicBoolean known = new AtomicBoolean();
    private final JWKSource<SecurityContext> source;

    /** Reads nothing yet, so that the API can start while the issuer is away. */
    public IssuerKeys(Authentication.Oidc oidc) {
        this.oidc = oidc;
        this.source = JWKSourceBuilder.create(new Issuer())
                .cache(KEPT.toMillis(), READ_TIMEOUT.toMillis(), event -> {
                    if (event instanceof CachingJWKSetSource.RefreshCompletedEvent) {
                        known.set(true);
                    }
                })
                .refreshAheadCache(false)
                .rateLimited(BETWEEN_READS.toMillis())
                .outageTolerant(KEPT_WHILE_ISSUER_IS_AWAY.toMillis())
                .build();
    }

    JWKSource<SecurityContext> source() {
        return source;
    }

    /** Whether keys were read at least once. */
    boolean areKnown() {
        return known.get();
    }

    private URI keysUri() throws IOException, ParseException {
        if (oidc.jwksUri().isPresent()) {
            return oidc.jwksUri().get();
        }
        String issuer = oidc.issuer().toString().replaceAll("/+$", "");
        URI configuration = URI.create(issuer + "/.well-known/openid-configuration");
        Map<String, Object> document = JSONObjectUtils.parse(
                http.retrieveResource(configuration.toURL()).getContent());
        URI keys = JSONObjectUtils.getURI(document, "jwks_uri");
        if (keys == null) {
            throw new IOException(configuration + " names no jwks_uri");
        }
        return keys;
    }

    private final class Issuer implements JWKSetSource<SecurityContext> {
        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
                throws JWKSetRetrievalException {
            try {
                return JWKSet.parse(http.retrieveResource(keysUri().toURL()).getContent());
            } catch (IOException | ParseException e) {
                throw new JWKSetRetrievalException("cannot read the keys of issuer " + oidc.issuer(), e);
            }
        }

        @Override
        public void close() {
            // Holds nothing open between two reads.
        }
    }
}

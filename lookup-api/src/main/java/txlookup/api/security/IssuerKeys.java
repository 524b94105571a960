package txlookup.api.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import txlookup.api.config.Authentication;

/**
 * An issuer's public keys: kept for a while, read again in the background before that ends or when a token names an unknown
 * one, but not more often than made-up key ids may cause, and still used for a time when the issuer is away.
 */
final class IssuerKeys implements AutoCloseable {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration READ_AHEAD = Duration.ofMinutes(5);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration KEPT_WHILE_ISSUER_IS_AWAY = Duration.ofHours(4);
    /** In each such time, two reads at most. */
    private static final Duration BETWEEN_READS = Duration.ofSeconds(30);

    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 5_000;
    private static final int MOST_BYTES = 512 * 1024;
    private static final ResourceRetriever HTTP = new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES);

    private final AtomicBoolean known = new AtomicBoolean();
    private final JWKSource<SecurityContext> source;

    /** Reads nothing yet, so that the API can start while the issuer is away. */
    IssuerKeys(Authentication.Oidc oidc) {
        this.source = JWKSourceBuilder.create(new Discovered(oidc))
                .cache(KEPT.toMillis(), READ_TIMEOUT.toMillis(), event -> {
                    if (event instanceof CachingJWKSetSource.RefreshCompletedEvent) {
                        known.set(true);
                    }
                })
                .refreshAheadCache(READ_AHEAD.toMillis(), false)
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

    @Override
    public void close() throws IOException {
        if (source instanceof JWKSetBasedJWKSource<SecurityContext> keys) {
            keys.close();
        }
    }

    /** The issuer's configuration says where the keys are, unless the settings do; it is asked when they are first wanted. */
    private static final class Discovered implements JWKSetSource<SecurityContext> {
        private final Authentication.Oidc oidc;
        private volatile @Nullable JWKSetSource<SecurityContext> keys;

        private Discovered(Authentication.Oidc oidc) {
            this.oidc = oidc;
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
                throws KeySourceException {
            JWKSetSource<SecurityContext> found = keys;
            if (found == null) {
                found = new URLBasedJWKSetSource<>(url(), HTTP);
                keys = found;
            }
            return found.getJWKSet(evaluator, now, context);
        }

        private URL url() throws KeySourceException {
            try {
                return (oidc.jwksUri().isPresent() ? oidc.jwksUri().get() : discovered()).toURL();
            } catch (ParseException | IOException e) {
                throw new JWKSetUnavailableException("cannot find the keys of issuer " + oidc.issuer(), e);
            }
        }

        private URI discovered() throws IOException, ParseException {
            String issuer = oidc.issuer().toString().replaceAll("/+$", "");
            URI configuration = URI.create(issuer + "/.well-known/openid-configuration");
            URI found = JSONObjectUtils.getURI(
                    JSONObjectUtils.parse(
                            HTTP.retrieveResource(configuration.toURL()).getContent()),
                    "jwks_uri");
            if (found == null) {
                throw new IOException(configuration + " names no jwks_uri");
            }
            return found;
        }

        @Override
        public void close() {
            // Holds nothing open between two reads.
        }
    }
}

package txlookup.api.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import txlookup.api.RunningApi;
import txlookup.api.config.Authentication;
import txlookup.local.testing.TestSecrets;

/** An OpenID Connect issuer of a test's own: signs tokens, and shows its public keys over HTTP. */
public final class TokenIssuer implements AutoCloseable {
    static final String AUDIENCE = "api://txlookup";

    private final HttpServer http;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile List<JWK> keys = List.of();

    private TokenIssuer(HttpServer http) {
        this.http = http;
    }

    public static TokenIssuer start() {
        try {
            TokenIssuer issuer =
                    new TokenIssuer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            issuer.http.createContext("/keys", issuer::keys);
            issuer.http.createContext("/.well-known/openid-configuration", issuer::configuration);
            issuer.http.start();
            return issuer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static RSAKey rsaKey(String keyId) {
        try {
            return new RSAKeyGenerator(2048).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static ECKey ecKey(String keyId) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    URI keysUri() {
        return URI.create(issuer() + "/keys");
    }

    public Authentication.Oidc oidc() {
        return new Authentication.Oidc(URI.create(issuer()), AUDIENCE, Optional.of(keysUri()), Duration.ofSeconds(60));
    }

    /** Shows these keys, and no others, from now on. */
    public void show(JWK... shown) {
        keys = List.of(shown);
    }

    /** How often the keys were read. */
    int reads() {
        return reads.get();
    }

    /** Claims that are all in order at {@link RunningApi#NOW}. */
    @SuppressWarnings("JavaUtilDate") // the library's type
    public JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(AUDIENCE)
                .subject("subject-1")
                .claim("oid", "oid-1")
                .claim("roles", List.of("ADMIN_READ"))
                .issueTime(Date.from(RunningApi.NOW.minusSeconds(60)))
                .expirationTime(Date.from(RunningApi.NOW.plusSeconds(600)));
    }

    public static String sign(JWTClaimsSet.Builder claims, RSAKey key) {
        return sign(claims, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()), signer(key));
    }

    static String sign(JWTClaimsSet.Builder claims, ECKey key) {
        return sign(claims, new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()), signer(key));
    }

    static String sign(JWTClaimsSet.Builder claims, JWSHeader.Builder header, JWSSigner signer) {
        try {
            SignedJWT token = new SignedJWT(header.build(), claims.build());
            token.sign(signer);
            return TestSecrets.keep(token.serialize());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static JWSSigner signer(JWK key) {
        try {
            return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void keys(HttpExchange exchange) throws IOException {
        reads.incrementAndGet();
        reply(exchange, new JWKSet(keys).toPublicJWKSet().toString());
    }

    private void configuration(HttpExchange exchange) throws IOException {
        reply(exchange, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer(), keysUri()));
    }

    private static void reply(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}

package txlookup.bench.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Signs access tokens, and shows the one key that proves them. */
public final class BenchIssuer implements AutoCloseable {
    public static final String AUDIENCE = "api://txlookup";
    public static final String KEYS = "/keys";

    private final HttpServer http;
    private final RSAKey key;

    private BenchIssuer(HttpServer http, RSAKey key) {
        this.http = http;
        this.key = key;
    }

    public static BenchIssuer start() throws IOException, JOSEException {
        RSAKey key = new RSAKeyGenerator(2048).keyID("bench").generate();
        byte[] shown = new JWKSet(key).toPublicJWKSet().toString().getBytes(UTF_8);
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext(KEYS, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, shown.length);
            exchange.getResponseBody().write(shown);
            exchange.close();
        });
        http.start();
        return new BenchIssuer(http, key);
    }

    public String address() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** A token that holds for so long from now on; for a time that is negative, one that has expired. */
    @SuppressWarnings("JavaUtilDate") // the library's type
    public String token(String actor, List<String> roles, Duration holds) throws JOSEException {
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(address())
                        .audience(AUDIENCE)
                        .subject(actor)
                        .claim("oid", actor)
                        .claim("roles", roles)
                        .issueTime(Date.from(now.minusSeconds(1)))
                        .expirationTime(Date.from(now.plus(holds)))
                        .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}

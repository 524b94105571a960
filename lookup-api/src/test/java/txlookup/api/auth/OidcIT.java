package txlookup.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RunningApi;

/** Bearer tokens: which are taken, what they say of the caller, and what the audit says of those refused. */
@SuppressWarnings("JavaUtilDate") // the library's type
class OidcIT {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final RSAKey RSA = TokenIssuer.rsaKey("rsa-1");
    private static final ECKey EC = TokenIssuer.ecKey("ec-1");

    private static TokenIssuer issuer;
    private static RunningApi api;

    private final String txId = "TX-" + NUMBERS.incrementAndGet();

    @BeforeAll
    static void start() {
        issuer = TokenIssuer.start();
        issuer.show(RSA, EC);
        api = RunningApi.start(settings -> Changed.authentication(settings, "cloud-test", issuer.oidc()));
    }

    @AfterAll
    static void stop() {
        api.close();
        issuer.close();
    }

    @Test
    void aValidTokenMayLookUpAndNamesTheActor() {
        assertThat(lookUp(TokenIssuer.sign(issuer.claims(), RSA)).statusCode()).isEqualTo(404);

        Audited row = Audited.of(api, txId);
        assertThat(row.actor()).isEqualTo("oid-1");
        assertThat(row.roles()).containsExactly("ADMIN_READ");
        assertThat(row.result()).isEqualTo("NOT_FOUND");
    }

    @Test
    void anEllipticCurveSignatureIsTakenToo() {
        assertThat(lookUp(TokenIssuer.sign(issuer.claims(), EC)).statusCode()).isEqualTo(404);
    }

    @Test
    void anAccessTokensOwnTypeIsTakenToo() {
        JWSHeader.Builder header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").type(new JOSEObjectType("at+jwt"));

        assertThat(lookUp(TokenIssuer.sign(issuer.claims(), header, TokenIssuer.signer(RSA)))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void withoutOidTheActorIsTheSubject() {
        lookUp(TokenIssuer.sign(issuer.claims().claim("oid", null), RSA));

        assertThat(Audited.of(api, txId).actor()).isEqualTo("subject-1");
    }

    @Test
    void theActorHeadersOfACallerAreIgnored() {
        String token = TokenIssuer.sign(issuer.claims().claim("roles", List.of("NOTHING")), RSA);
        HttpResponse<String> response = api.get(
                path(), "Authorization", "Bearer " + token, "X-Actor-Id", "boss", "X-Actor-Roles", "ADMIN_READ");

        assertDenied(response, 403);
        assertThat(Audited.of(api, txId).actor()).isEqualTo("oid-1");
        assertThat(Audited.of(api, txId).roles()).containsExactly("NOTHING");
    }

    @ParameterizedTest
    @MethodSource("rolesThatMay")
    void eitherRoleMayLookUpFromEitherClaimInEitherForm(String claim, Object value) {
        String token = TokenIssuer.sign(issuer.claims().claim("roles", null).claim(claim, value), RSA);

        assertThat(lookUp(token).statusCode()).isEqualTo(404);
    }

    static Stream<Arguments> rolesThatMay() {
        return Stream.of(
                arguments("roles", List.of("OTHER", "ADMIN_READ")),
                arguments("roles", List.of("ADMIN_AUDIT")),
                arguments("roles", "ADMIN_AUDIT"),
                arguments("scp", "openid ADMIN_READ"),
                arguments("scp", List.of("ADMIN_READ", "openid")));
    }

    @Test
    void aDelegatedScopeGivesAdminReadAtMost() {
        String scopes = "openid ADMIN_READ ADMIN_AUDIT ADMIN_OPERATE";
        String token = TokenIssuer.sign(issuer.claims().claim("roles", null).claim("scp", scopes), RSA);

        assertThat(lookUp(token).statusCode()).isEqualTo(404);
        assertThat(Audited.of(api, txId).roles()).containsExactly("ADMIN_READ");
        assertThat(api.get("/admin/audit", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(403);
        String auditScope =
                TokenIssuer.sign(issuer.claims().claim("roles", null).claim("scp", "ADMIN_AUDIT"), RSA);
        assertThat(lookUp(auditScope).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @MethodSource("rolesThatMayNot")
    void withoutOneOfTheRolesALookupIsForbidden(Object roles) {
        HttpResponse<String> response = lookUp(TokenIssuer.sign(issuer.claims().claim("roles", roles), RSA));

        assertDenied(response, 403);
        assertThat(RunningApi.json(response).path("title").asString()).isEqualTo("Forbidden");
        assertThat(Audited.of(api, txId).actor()).isEqualTo("oid-1");
    }

    static Stream<Object> rolesThatMayNot() {
        return Stream.of(List.of(), List.of("ADMIN_WRITE"), List.of("admin_read"), List.of(7), "ADMIN_READ_NOT", 7);
    }

    @Test
    void withoutATokenALookupIsUnauthorized() {
        HttpResponse<String> response = api.get(path(), "X-Actor-Id", "boss", "X-Actor-Roles", "ADMIN_READ");

        assertDenied(response, 401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(Audited.of(api, txId).actor()).isEqualTo("anonymous");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic dXNlcjpwYXNzd29yZA==", "Bearer", "bearer-token x"})
    void anotherSchemeIsNoToken(String authorization) {
        assertDenied(api.get(path(), "Authorization", authorization), 401);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void aTokenThatIsNotInOrderIsUnauthorizedAndNamesNobody(String why, String token) {
        HttpResponse<String> response = lookUp(token);

        assertDenied(response, 401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer error=\"invalid_token\"");
        assertThat(Audited.of(api, txId).actor()).as(why).isEqualTo("anonymous");
        assertThat(Audited.of(api, txId).roles()).isEmpty();
    }

    static Stream<Arguments> badTokens() {
        String good = TokenIssuer.sign(issuer.claims(), RSA);
        String signature = good.substring(good.lastIndexOf('.') + 1);
        String otherPayload = TokenIssuer.sign(issuer.claims().subject("boss"), RSA);
        return Stream.of(
                arguments("no token at all", "nonsense"),
                arguments("a signature of another content", otherPayload.replaceAll("[^.]+$", signature)),
                arguments("a signature cut short", good.substring(0, good.length() - 4)),
                arguments("algorithm none", new PlainJWT(issuer.claims().build()).serialize()),
                arguments("the public key used as a shared secret", signedWithThePublicKeyAsSecret()),
                arguments(
                        "another key under a known id", TokenIssuer.sign(issuer.claims(), TokenIssuer.rsaKey("rsa-1"))),
                arguments("expired beyond the skew", signed(issuer.claims().expirationTime(at(-61)))),
                arguments("not valid yet", signed(issuer.claims().notBeforeTime(at(61)))),
                arguments("without expiry", signed(issuer.claims().expirationTime(null))),
                arguments("another audience", signed(issuer.claims().audience("api://other"))),
                arguments("without audience", signed(issuer.claims().audience((String) null))),
                arguments("another issuer", signed(issuer.claims().issuer("https://other"))),
                arguments("without issuer", signed(issuer.claims().issuer(null))),
                arguments("nobody", signed(issuer.claims().subject(null).claim("oid", null))),
                arguments("an ID token, by its nonce", signed(issuer.claims().claim("nonce", "n"))),
                arguments("an ID token, by its at_hash", signed(issuer.claims().claim("at_hash", "h"))),
                arguments("an ID token, by its own type", signed(issuer.claims().claim("typ", "ID"))),
                arguments("an oid that is no text", signed(issuer.claims().claim("oid", List.of(1)))),
                arguments("an unknown key", TokenIssuer.sign(issuer.claims(), TokenIssuer.rsaKey("unknown"))));
    }

    @Test
    void theIssuersClockMayBeOffByTheSkew() {
        assertThat(lookUp(signed(issuer.claims().expirationTime(at(-59)).notBeforeTime(at(59))))
                        .statusCode())
                .isEqualTo(404);
    }

    /** The filter chains let everything through: so each route has to ask who it is. */
    @Test
    void noRouteForProgramsAnswersAStranger() {
        List<String> routes = api.routes().stream()
                .filter(route -> route.contains(" /admin/") || route.contains(" /internal/"))
                .toList();
        assertThat(routes).hasSizeGreaterThan(10).allSatisfy(route -> {
            String[] parts = route.replaceAll("\\{[^}]*}", "1").split(" ", -1);
            // An act's parameters are read first: what is wrong about them is no secret.
            assertThat(api.send(parts[0], parts[1]).statusCode())
                    .isIn(parts[0].equals("GET") ? List.of(401) : List.of(400, 401));
        });
    }

    @Test
    void probesNeedNoToken() {
        assertThat(api.get("/health").statusCode()).isEqualTo(200);
        assertThat(api.get("/ready").statusCode()).isEqualTo(200);
        assertThat(api.get("/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void aDenialThatCannotBeAuditedIsNotAnsweredEither() {
        try (RunningApi unaudited =
                RunningApi.start(settings -> Changed.authentication(settings, "cloud-test", issuer.oidc()))) {
            unaudited.execute("ALTER TABLE bo.audit RENAME TO audit_away");

            assertThat(unaudited.get(path()).statusCode()).isEqualTo(503);
        }
    }

    private HttpResponse<String> lookUp(String token) {
        return api.get(path(), "Authorization", "Bearer " + token);
    }

    private String path() {
        return "/admin/tx/" + txId;
    }

    private void assertDenied(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer");
        Audited row = Audited.of(api, txId);
        assertThat(row.result()).isEqualTo("DENIED");
        assertThat(row.statusCode()).isEqualTo(status);
        assertThat(row.resultCount()).isZero();
    }

    private static String signed(JWTClaimsSet.Builder claims) {
        return TokenIssuer.sign(claims, RSA);
    }

    private static Date at(long secondsFromNow) {
        Instant time = RunningApi.NOW.plusSeconds(secondsFromNow);
        return Date.from(time);
    }

    private static String signedWithThePublicKeyAsSecret() {
        try {
            return TokenIssuer.sign(
                    issuer.claims(),
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1"),
                    new MACSigner(RSA.toRSAPublicKey().getEncoded()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}

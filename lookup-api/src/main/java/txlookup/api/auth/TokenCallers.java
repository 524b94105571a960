package txlookup.api.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.JWTProcessor;
import jakarta.servlet.http.HttpServletRequest;
import java.text.ParseException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import txlookup.api.web.ProblemException;

/**
 * Knows callers by their bearer token: {@link Authentication.Oidc}. Whatever headers say of the actor is not looked at.
 */
public final class TokenCallers implements Callers {
    private static final Logger LOG = LoggerFactory.getLogger(TokenCallers.class);
    private static final String SCHEME = "Bearer ";

    // Signatures by a private key only: with a shared-secret algorithm, the public key would be the secret.
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final IssuerKeys keys;
    private final JWTProcessor<SecurityContext> tokens;

    public TokenCallers(Authentication.Oidc oidc, IssuerKeys keys, Clock clock) {
        this.keys = keys;
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys.source()));
        processor.setJWTClaimsSetVerifier(claims(oidc, clock));
        this.tokens = processor;
    }

    @Override
    public Caller admit(HttpServletRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw DeniedException.noToken();
        }
        Caller caller = caller(authorization.substring(SCHEME.length()).strip());
        if (!caller.hasLookupRole()) {
            throw DeniedException.noRole(caller);
        }
        return caller;
    }

    private Caller caller(String token) {
        try {
            JWTClaimsSet claims = tokens.process(token, null);
            String oid = claims.getStringClaim("oid");
            String actor = oid == null || oid.isBlank() ? claims.getSubject() : oid;
            if (actor == null || actor.isBlank()) {
                throw badToken("it has neither oid nor sub");
            }
            return new Caller(actor, roles(claims));
        } catch (ParseException | BadJOSEException e) {
            throw badToken(e.getMessage());
        } catch (RateLimitReachedException e) {
            if (keys.areKnown()) {
                throw badToken("its key is unknown, and the issuer was asked for new keys a moment ago");
            }
            throw keysAway(e);
        } catch (JOSEException e) {
            throw keysAway(e);
        }
    }

    private static DeniedException badToken(@Nullable String reason) {
        // The reason may quote the token, which may hold a line break that would forge a line.
        LOG.info("Bearer token refused: {}", String.valueOf(reason).replaceAll("\\p{Cntrl}", " "));
        return DeniedException.badToken();
    }

    private static ProblemException keysAway(JOSEException e) {
        return ProblemException.unavailable("the token issuer's keys cannot be read now", e.toString());
    }

    private static DefaultJWTClaimsVerifier<SecurityContext> claims(Authentication.Oidc oidc, Clock clock) {
        JWTClaimsSet exactly =
                new JWTClaimsSet.Builder().issuer(oidc.issuer().toString()).build();
        DefaultJWTClaimsVerifier<SecurityContext> verifier =
                new DefaultJWTClaimsVerifier<>(oidc.audience(), exactly, Set.of("exp")) {
                    @Override
                    @SuppressWarnings("JavaUtilDate") // the library's type
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        verifier.setMaxClockSkew(Math.toIntExact(oidc.clockSkew().toSeconds()));
        return verifier;
    }

    /** Both claims may be a list, or words in one text. */
    private static List<String> roles(JWTClaimsSet claims) {
        return Stream.of(claims.getClaim("roles"), claims.getClaim("scp"))
                .flatMap(claim -> claim instanceof Collection<?> list ? list.stream() : Stream.ofNullable(claim))
                .filter(String.class::isInstance)
                .flatMap(text -> Arrays.stream(((String) text).split("\\s+")))
                .filter(role -> !role.isEmpty())
                .distinct()
                .toList();
    }
}

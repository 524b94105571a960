package txlookup.api.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import txlookup.api.auth.DeniedException;
import txlookup.api.auth.RefusedToken;
import txlookup.api.config.Authentication;
import txlookup.api.web.ProblemException;

/** Judges bearer tokens (docs/contract.md, Auth). */
final class AccessTokens implements AuthenticationManager {
    private static final String SCHEME = "Bearer ";

    // Signatures by a private key only: with a shared-secret algorithm, the public key would be the secret.
    private static final Set<SignatureAlgorithm> ALGORITHMS = Set.of(SignatureAlgorithm.values());

    private final IssuerKeys keys;
    private final JwtAuthenticationProvider tokens;

    AccessTokens(Authentication.Oidc oidc, IssuerKeys keys, Clock clock) {
        this.keys = keys;
        this.tokens = new JwtAuthenticationProvider(decoder(oidc, keys, clock));
        tokens.setJwtAuthenticationConverter(token -> new JwtAuthenticationToken(
                token, TokenForms.roles(token), TokenForms.actor(token).orElseThrow()));
    }

    /** The request's token; null where it has none. */
    static @Nullable String of(HttpServletRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        boolean bears = authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        String token = bears ? authorization.substring(SCHEME.length()).strip() : "";
        return token.isEmpty() ? null : token;
    }

    @Override
    public org.springframework.security.core.Authentication authenticate(
            org.springframework.security.core.Authentication token) {
        try {
            return tokens.authenticate(token);
        } catch (AuthenticationServiceException e) {
            return new RefusedToken(
                    keys.areKnown() && isRateLimited(e)
                            ? DeniedException.badToken("its key is unknown, and the issuer was asked a moment ago")
                            : ProblemException.unavailable("the token issuer's keys cannot be read now", e.toString()));
        } catch (AuthenticationException e) {
            return new RefusedToken(DeniedException.badToken(e.getMessage()));
        }
    }

    private static boolean isRateLimited(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RateLimitReachedException) {
                return true;
            }
        }
        return false;
    }

    private static JwtDecoder decoder(Authentication.Oidc oidc, IssuerKeys keys, Clock clock) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(keys.source())
                .jwsAlgorithms(taken -> taken.addAll(ALGORITHMS))
                .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier(
                        new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null)))
                .build();
        JwtTimestampValidator times = new JwtTimestampValidator(oidc.clockSkew());
        times.setClock(clock);
        times.setAllowEmptyExpiryClaim(false);
        Set<String> issuers = TokenForms.issuers(oidc.issuer());
        Set<String> audiences = TokenForms.audiences(oidc);
        Optional<String> ownClient = oidc.signIn().map(Authentication.SignIn::clientId);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                times,
                demand("another issuer", token -> issuers.contains(String.valueOf(token.<Object>getClaim("iss")))),
                demand("another audience", token -> isFor(token.getAudience(), audiences)),
                demand("it names nobody", token -> TokenForms.actor(token).isPresent()),
                demand("it is an ID token", token -> !TokenForms.isIdToken(token, ownClient))));
        return decoder;
    }

    private static boolean isFor(@Nullable Collection<String> named, Set<String> audiences) {
        return named != null && named.stream().anyMatch(audiences::contains);
    }

    private static OAuth2TokenValidator<Jwt> demand(String otherwise, Predicate<Jwt> what) {
        OAuth2TokenValidatorResult refusal =
                OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", otherwise, null));
        return token -> what.test(token) ? OAuth2TokenValidatorResult.success() : refusal;
    }
}

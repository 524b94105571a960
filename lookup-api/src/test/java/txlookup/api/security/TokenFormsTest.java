package txlookup.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.Jwt;
import txlookup.api.config.Authentication;

class TokenFormsTest {
    private static final String TENANT = "0d2f6c1e-2b57-4a4e-9f3a-7c9d1f6b8a21";
    private static final String APPLICATION = "7b1e0c5a-93c4-4d8e-8a55-1f2e3d4c5b6a";

    @ParameterizedTest
    @ValueSource(strings = {"https://login.microsoftonline.com/%s/v2.0", "https://sts.windows.net/%s/"})
    void oneTenantNamesItselfInTwoWays(String form) {
        assertThat(TokenForms.issuers(URI.create(form.formatted(TENANT))))
                .containsExactlyInAnyOrder(
                        "https://login.microsoftonline.com/" + TENANT + "/v2.0",
                        "https://sts.windows.net/" + TENANT + "/");
    }

    @Test
    void anyOtherIssuerIsTakenAsItIsWritten() {
        assertThat(TokenForms.issuers(URI.create("https://login.example.org/v2.0")))
                .containsExactly("https://login.example.org/v2.0");
        assertThat(TokenForms.audiences(oidc("https://login.example.org", "api://" + APPLICATION)))
                .containsExactly("api://" + APPLICATION);
    }

    @Test
    void theAudienceOfATenantIsAnIdOrItsUri() {
        String issuer = "https://sts.windows.net/" + TENANT + "/";
        assertThat(TokenForms.audiences(oidc(issuer, APPLICATION)))
                .containsExactlyInAnyOrder(APPLICATION, "api://" + APPLICATION);
        assertThat(TokenForms.audiences(oidc(issuer, "api://txlookup"))).containsExactly("api://txlookup");
    }

    @Test
    void aTokenForTheConsoleItselfHasToSayThatItIsAnAccessToken() {
        Optional<String> console = Optional.of("console");
        assertThat(TokenForms.isIdToken(token(Map.of("aud", List.of("console"))), console))
                .isTrue();
        assertThat(TokenForms.isIdToken(token(Map.of("aud", List.of("console"), "azp", "script")), console))
                .isFalse();
        assertThat(TokenForms.isIdToken(token(Map.of("aud", List.of("api://txlookup"))), console))
                .isFalse();
    }

    private static Jwt token(Map<String, Object> claims) {
        return new Jwt("token", Instant.EPOCH, Instant.MAX, Map.of("alg", "RS256"), claims);
    }

    private static Authentication.Oidc oidc(String issuer, String audience) {
        return new Authentication.Oidc(URI.create(issuer), audience, Optional.empty(), Duration.ofSeconds(60));
    }
}

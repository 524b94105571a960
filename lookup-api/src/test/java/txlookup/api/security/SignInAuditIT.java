package txlookup.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.auth.TokenIssuer;
import txlookup.api.config.Authentication;

/** Sign-ins that fail are in the audit. Those that succeed, and sign-outs, are in SignInIT. */
class SignInAuditIT {
    private static TokenIssuer issuer;
    private static RunningApi api;

    @BeforeAll
    static void start() {
        issuer = TokenIssuer.start();
        Authentication.Oidc oidc = issuer.oidc();
        Authentication.SignIn signIn = new Authentication.SignIn(
                "console", Optional.empty(), Duration.ofMinutes(30), Duration.ofHours(8), Duration.ofMinutes(5));
        api = RunningApi.start(settings -> Changed.authentication(
                settings,
                "cloud-test",
                new Authentication.Oidc(
                        oidc.issuer(), oidc.audience(), oidc.jwksUri(), oidc.clockSkew(), Optional.of(signIn))));
    }

    @AfterAll
    static void stop() {
        api.close();
        issuer.close();
    }

    @Test
    void aSignInThatNobodyStartedIsAuditedWithItsReasonAndNotWithItsCode() {
        HttpResponse<String> answer = api.get(
                "/signed-in/console?code=never-kept&state=forged", "User-Agent", "stranger", "Accept", "text/html");

        assertThat(answer.statusCode()).isEqualTo(401);
        Audited row = Audited.newest(api);
        assertThat(row.action()).isEqualTo("SIGN_IN");
        assertThat(row.resourceType()).isEqualTo("SESSION");
        assertThat(row.result()).isEqualTo("DENIED");
        assertThat(row.statusCode()).isEqualTo(401);
        assertThat(row.actor()).isEqualTo("anonymous");
        assertThat(row.ip()).isEqualTo("127.0.0.1");
        assertThat(row.userAgent()).isEqualTo("stranger");
        assertThat(row.query()).isEqualTo("error=authorization_request_not_found");
        assertThat(row.toString()).doesNotContain("never-kept");
    }

    @Test
    void whatTheIssuerSaysOfAFailureIsKept() {
        api.get("/signed-in/console?error=access_denied&state=forged");

        assertThat(Audited.newest(api).query()).startsWith("error=");
        assertThat(Audited.newest(api).result()).isEqualTo("DENIED");
    }
}

package txlookup.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.config.Authentication;

/** An issuer's keys change, and an issuer may be away. */
class IssuerKeysIT {
    private static final RSAKey OLD = TokenIssuer.rsaKey("old");
    private static final RSAKey NEW = TokenIssuer.rsaKey("new");

    private final TokenIssuer issuer = TokenIssuer.start();
    private RunningApi api;

    @BeforeEach
    void start() {
        issuer.show(OLD);
        api = start(issuer.oidc());
    }

    @AfterEach
    void stop() {
        api.close();
        issuer.close();
    }

    @Test
    void keysAreReadOnceForManyTokens() {
        for (int token = 0; token < 5; token++) {
            assertThat(lookUp(OLD)).isEqualTo(404);
        }

        assertThat(issuer.reads()).isEqualTo(1);
    }

    @Test
    void aKeyThatTheIssuerHasRotatedToIsFoundAndTheOneRotatedOutIsNoLongerTaken() {
        assertThat(lookUp(OLD)).isEqualTo(404);

        issuer.show(NEW);

        assertThat(lookUp(NEW)).isEqualTo(404);
        assertThat(lookUp(OLD)).isEqualTo(401);
    }

    @Test
    void madeUpKeyIdsDoNotMakeTheIssuerBeAskedEachTime() {
        assertThat(lookUp(OLD)).isEqualTo(404);
        for (int attempt = 0; attempt < 20; attempt++) {
            RSAKey madeUp = new RSAKey.Builder(NEW).keyID("made-up-" + attempt).build();
            assertThat(lookUp(madeUp)).isEqualTo(401);
        }

        assertThat(issuer.reads()).isLessThanOrEqualTo(2);
        assertThat(lookUp(OLD)).isEqualTo(404);
    }

    @Test
    void whileKeysWereNeverReadNoTokenCanBeJudged() {
        issuer.close();
        for (int attempt = 0; attempt < 5; attempt++) {
            HttpResponse<String> response = get(TokenIssuer.sign(issuer.claims(), OLD));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
        }
        assertThat(Audited.allOf(api, "TX-1")).isEmpty();
    }

    @Test
    void keysThatAreKnownServeOnWhileTheIssuerIsAway() {
        assertThat(lookUp(OLD)).isEqualTo(404);
        issuer.close();

        assertThat(lookUp(OLD)).isEqualTo(404);
        assertThat(lookUp(NEW)).isEqualTo(401);
        assertThat(lookUp(OLD)).isEqualTo(404);
    }

    @Test
    void withoutAnAddressOfTheKeysTheIssuerIsAskedForIt() {
        Authentication.Oidc discovered = new Authentication.Oidc(
                URI.create(issuer.issuer()), TokenIssuer.AUDIENCE, Optional.empty(), Duration.ofSeconds(60));
        try (RunningApi discovering = start(discovered)) {
            String token = TokenIssuer.sign(issuer.claims(), OLD);

            assertThat(discovering
                            .get("/admin/tx/TX-1", "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    private static RunningApi start(Authentication.Oidc oidc) {
        return RunningApi.start(settings -> Changed.authentication(settings, "cloud-test", oidc));
    }

    private int lookUp(RSAKey key) {
        return get(TokenIssuer.sign(issuer.claims(), key)).statusCode();
    }

    private HttpResponse<String> get(String token) {
        return api.get("/admin/tx/TX-1", "Authorization", "Bearer " + token);
    }
}

package txlookup.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RawHttp;
import txlookup.api.RunningApi;

/** On one's own machine, and behind proxies: whose address, name and roles count. */
class WhoAsksIT {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static RunningApi api;

    private final String txId = "TX-WHO-" + NUMBERS.incrementAndGet();

    @BeforeAll
    static void start() {
        api = RunningApi.start(settings -> Changed.trustedProxies(settings, "127.0.0.0/8", "10.0.0.0/8", "fd00::/8"));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.1, 198.51.100.1",
        "'6.6.6.6, 198.51.100.1', 198.51.100.1",
        "'6.6.6.6, 198.51.100.1, 10.0.0.2', 198.51.100.1",
        "'6.6.6.6, 2001:db8::1, fd00::2', 2001:db8::1",
    })
    void theNearestAddressThatIsNoTrustedProxyIsAudited(String forwardedFor, String client) {
        api.get("/admin/tx/" + txId, "X-Forwarded-For", forwardedFor);

        assertThat(Audited.of(api, txId).ip()).isEqualTo(client);
    }

    @Test
    void whatAProxyTookOverTlsIsSecure() {
        HttpResponse<String> page = api.get("/dead-letters", "X-Forwarded-Proto", "https");

        assertThat(page.headers().firstValue("Set-Cookie").orElseThrow()).contains("form_token=", "; Secure");
        assertThat(page.headers().firstValue("Strict-Transport-Security")).hasValue("max-age=31536000");
        assertThat(api.get("/dead-letters").headers().firstValue("Strict-Transport-Security"))
                .isEmpty();
    }

    @Test
    void aPageHoldsNoOtherCodeAndNoOtherSiteHoldsIt() {
        HttpResponse<String> page = api.get("/");

        assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
        assertThat(page.headers().firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("form-action 'self';", "frame-ancestors 'none'");
    }

    @Test
    void anotherSitesNameIsNotAnswered() {
        RawHttp rebound = RawHttp.exchange(api.port(), "GET / HTTP/1.1\r\nHost: rebound.example\r\n\r\n");

        assertThat(rebound.status()).isEqualTo(400);
        assertThat(rebound.body()).contains("only names of this machine");
    }

    @Test
    void rolesThatMayNotLookUpAreRefusedAlsoWithoutAuthentication() {
        assertThat(api.get("/admin/tx/" + txId, "X-Actor-Id", "kim", "X-Actor-Roles", "SOMETHING")
                        .statusCode())
                .isEqualTo(403);
        assertThat(Audited.of(api, txId).result()).isEqualTo("DENIED");
    }
}

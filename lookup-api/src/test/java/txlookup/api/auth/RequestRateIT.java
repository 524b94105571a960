package txlookup.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;

/** docs/contract.md, Lookup API: 429 with Retry-After. */
class RequestRateIT {
    private static final int BURST = 3;

    private static TokenIssuer issuer;
    private static RunningApi api;
    private static RunningApi withTokens;

    @BeforeAll
    static void start() {
        LookupApiSettings.Limits slow = new LookupApiSettings.Limits(1, BURST);
        issuer = TokenIssuer.start();
        api = RunningApi.start(settings -> Changed.limits(settings, slow));
        withTokens = RunningApi.start(
                settings -> Changed.limits(Changed.authentication(settings, "cloud-test", issuer.oidc()), slow));
    }

    @AfterAll
    static void stop() {
        withTokens.close();
        api.close();
        issuer.close();
    }

    @Test
    void anActorOverTheRateIsToldWhenToComeBackAndThenAnswered() throws InterruptedException {
        HttpResponse<String> refused = askUntilRefused("ann");

        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(RunningApi.json(refused).path("title").asString()).isEqualTo("Too Many Requests");
        assertThat(RunningApi.json(refused).path("detail").asString())
                .isEqualTo("more than 1 lookups a second, or 3 at once; try again later");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        Thread.sleep(1_000);
        assertThat(ask("ann").statusCode()).isEqualTo(404);
    }

    @Test
    void everyAnswerSaysHowMuchMoreMayBeAsked() {
        HttpResponse<String> first = ask("lee");
        assertThat(first.headers().firstValue("RateLimit-Policy")).hasValue("\"caller\";q=3;w=3");
        assertThat(first.headers().firstValue("RateLimit")).hasValue("\"caller\";r=2;t=1");

        HttpResponse<String> refused = askUntilRefused("max");
        assertThat(refused.headers().firstValue("RateLimit")).hasValue("\"caller\";r=0;t=3");
        assertThat(withTokens.get("/health").headers().firstValue("RateLimit")).isEmpty();
    }

    @Test
    void othersAreNotHeldUp() {
        askUntilRefused("bob");

        assertThat(ask("eve").statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsRefusedForItsRateWasNotLookedUpAndIsNotAudited() {
        askUntilRefused("dan");

        assertThat(Audited.allOf(api, "T"))
                .filteredOn(row -> row.actor().equals("dan"))
                .extracting(Audited::statusCode)
                .hasSizeGreaterThanOrEqualTo(BURST)
                .containsOnly(404);
    }

    @Test
    void whoHasNoTokenCountsByAddressSoThatNobodyFillsTheAudit() {
        List<Integer> seen = IntStream.range(0, 20)
                .mapToObj(attempt -> withTokens.get("/admin/tx/T").statusCode())
                .toList();

        assertThat(seen).startsWith(401, 401, 401).contains(429);
    }

    @Test
    void probesAreNeverRefused() {
        askUntilRefused("anonymous");

        assertThat(api.get("/ready").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> ask(String actor) {
        return api.get("/admin/tx/T", "X-Actor-Id", actor);
    }

    /** However slow the machine: tokens come back one a second, and a hundred lookups do not take as long. */
    private static HttpResponse<String> askUntilRefused(String actor) {
        for (int asked = 1; asked <= 100; asked++) {
            HttpResponse<String> response = ask(actor);
            if (response.statusCode() == 429) {
                assertThat(asked).isGreaterThan(BURST);
                return response;
            }
        }
        throw new AssertionError("a hundred lookups at once were all answered");
    }
}

package txlookup.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.api.RawHttp;
import txlookup.api.RunningApi;

/** Whatever goes wrong, the answer is an RFC 9457 problem document that tells nothing internal. */
class ProblemIT {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/unknown",
                "/admin",
                "/admin/tx",
                "/admin/tx/",
                "/admin/tx/T/",
                "/admin/tx/T/more",
                "/admin/tx//T",
                "/admin/payment-orders/O/",
                "/admin/wallets/W",
                "/admin/wallets/W/tx/",
                "/admin/wallets//tx",
                "/ADMIN/tx/T",
                "/health/",
                "/error",
                "/WEB-INF/web.xml",
                "/actuator/env"
            })
    void anUnknownPathIsNotFound(String path) {
        HttpResponse<String> response = api.get(path);

        assertProblem(response, 404, "Not Found");
        assertThat(RunningApi.json(response).path("detail").asString()).isNotEqualTo("tx_id not found");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /admin/tx/T",
        "PUT, /admin/tx/T",
        "DELETE, /admin/payment-orders/O",
        "PATCH, /admin/wallets/W/tx",
        "POST, /health",
        "TRACE, /admin/tx/T"
    })
    void anotherMethodThanGetIsNotAllowed(String method, String path) {
        HttpResponse<String> response = api.send(method, path);

        assertProblem(response, 405, "Method Not Allowed");
        assertThat(response.headers().firstValue("Allow").orElse("")).contains("GET");
    }

    @Test
    void headIsAnsweredLikeGetWithoutABody() {
        HttpResponse<String> response = api.send("HEAD", "/admin/tx/T");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("Content-Length"))
                .hasValue(Integer.toString(api.get("/admin/tx/T").body().length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /admin/tx/a b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /admin/tx/{T} HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /admin/tx/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /admin/tx/%FF HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /admin/tx/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /../admin HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /admin/tx/T HTTP/1.1\r\n\r\n",
                "GET /admin/tx/T HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
                "GET /admin/tx/T HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "NOT-HTTP\r\n\r\n"
            })
    void aMalformedRequestIsAProblemEvenBeforeItReachesTheApplication(String request) {
        assertProblem(RawHttp.exchange(api.port(), request), 400, "Bad Request");
    }

    @Test
    void headersThatAreTooLongAreAProblem() {
        String request = "GET /admin/tx/T HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n";

        assertProblem(RawHttp.exchange(api.port(), request), 400, "Bad Request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/html", "application/xml", "not a media type"})
    void theAnswersFormIsTheSameWhateverTheCallerAccepts(String accept) {
        assertProblem(api.get("/admin/tx/T", "Accept", accept), 404, "Not Found");
    }

    @Test
    void aFaultOfTheServiceShowsNothingInternal() {
        try (RunningApi broken = RunningApi.start()) {
            broken.execute("ALTER TABLE ledger_entry RENAME COLUMN amount TO amount_before");

            HttpResponse<String> response = broken.get("/admin/tx/T");

            assertProblem(response, 500, "Internal Server Error");
            assertThat(response.body()).doesNotContainIgnoringCase("amount").doesNotContain("SELECT", "Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/tx/T", "/admin/wallets/W/tx", "/unknown", "/health", "/metrics"})
    void everyAnswerForbidsStoringSniffingAndActiveContentAndNamesNoServer(String path) {
        HttpResponse<String> response = api.get(path);

        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Content-Security-Policy")).hasValue("default-src 'none'");
        assertThat(response.headers().firstValue("Server")).isEmpty();
        assertThat(response.headers().firstValue("X-Powered-By")).isEmpty();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String title) {
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue("X-Correlation-ID")).isPresent();
        assertBody(response.body(), response.statusCode(), status, title);
    }

    private static void assertProblem(RawHttp answer, int status, String title) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("X-Correlation-ID")).isNotBlank();
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Server")).isNull();
        assertBody(answer.body(), answer.status(), status, title);
    }

    private static void assertBody(String body, int seenStatus, int status, String title) {
        JsonNode problem = JsonMapper.builder().build().readTree(body);
        assertThat(seenStatus).as(body).isEqualTo(status);
        assertThat(problem.propertyNames()).containsExactly("type", "title", "status", "detail");
        assertThat(problem.path("type").asString()).isEqualTo("about:blank");
        assertThat(problem.path("title").asString()).isEqualTo(title);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(body).doesNotContain("Tomcat", "apache", "java.", "\tat ");
    }
}

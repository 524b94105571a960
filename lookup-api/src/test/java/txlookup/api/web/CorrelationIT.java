package txlookup.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.api.ApiLog;
import txlookup.api.Audited;
import txlookup.api.RawHttp;
import txlookup.api.RunningApi;

/** {@code X-Correlation-ID} and {@code traceparent}: taken or made, and found again wherever the request left a trace. */
class CorrelationIT {
    private static final String TRACE_PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

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
    @ValueSource(strings = {"a", "Request_1.2-3", "7d4f1b9e-0000-4000-8000-000000000000"})
    void aPlainTokenIsTakenFromTheRequest(String sent) {
        HttpResponse<String> response = api.get("/admin/tx/" + sent, "X-Correlation-ID", sent);

        assertThat(response.headers().allValues("X-Correlation-ID")).containsExactly(sent);
        assertThat(Audited.of(api, sent).correlationId()).isEqualTo(sent);
    }

    @Test
    void aTokenOf128CharactersIsTakenAndALongerOneIsNot() {
        String longest = "x".repeat(128);

        assertThat(correlationId(longest)).isEqualTo(longest);
        assertThat(correlationId(longest + "x")).isNotEqualTo(longest + "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "semi;colon", "<script>", "a\tb", "caf\u00e9", "a/b", "a,b"})
    void anythingElseIsReplacedByAMadeOne(String sent) {
        assertThat(UUID.fromString(correlationId(sent))).isNotNull();
    }

    @Test
    void withoutOneItIsMadeAnewForEveryRequestAndInTheAuditRowToo() {
        String first = api.get("/admin/tx/made")
                .headers()
                .firstValue("X-Correlation-ID")
                .orElseThrow();
        String second =
                api.get("/unknown").headers().firstValue("X-Correlation-ID").orElseThrow();

        assertThat(UUID.fromString(first)).isNotEqualTo(UUID.fromString(second));
        assertThat(Audited.of(api, "made").correlationId()).isEqualTo(first);
    }

    @Test
    void itIsInTheAnswerToARequestThatNeverReachedTheApplication() {
        String request = "GET /admin/tx/%zz HTTP/1.1\r\nHost: x\r\nX-Correlation-ID: mine\r\n\r\n";

        assertThat(RawHttp.exchange(api.port(), request).header("X-Correlation-ID"))
                .isEqualTo("mine");
    }

    @Test
    void itIsInTheLogWithTheTracesId() {
        List<ILoggingEvent> lines = ApiLog.of(
                "in-the-log",
                () -> api.get("/admin/tx/logged", "X-Correlation-ID", "in-the-log", "traceparent", TRACE_PARENT));

        assertThat(lines).anySatisfy(line -> {
            assertThat(line.getMDCPropertyMap())
                    .containsEntry("correlation_id", "in-the-log")
                    .containsEntry("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(line.getFormattedMessage()).startsWith("GET /admin/tx/{tx_id} 404 in ");
        });
    }

    @Test
    void aValidTraceParentIsReturnedUnchanged() {
        HttpResponse<String> response = api.get("/admin/tx/traced", "traceparent", TRACE_PARENT);

        assertThat(response.headers().firstValue("traceparent")).hasValue(TRACE_PARENT);
    }

    @Test
    void anInvalidTraceParentIsIgnored() {
        HttpResponse<String> response = api.get("/admin/tx/traced", "traceparent", TRACE_PARENT + "-more");

        assertThat(response.headers().firstValue("traceparent")).isEmpty();
        assertThat(response.statusCode()).isEqualTo(404);
    }

    private static String correlationId(String sent) {
        String request = "GET /unknown HTTP/1.1\r\nHost: x\r\nX-Correlation-ID: " + sent + "\r\n\r\n";
        return RawHttp.exchange(api.port(), request).header("X-Correlation-ID");
    }
}

package txlookup.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import txlookup.api.Audited;
import txlookup.api.RawHttp;
import txlookup.api.RunningApi;

/** How big a request may be: what fits is answered, one more is refused, whoever sends it. */
class RequestLimitsIT {
    private static final String GET = "GET /admin/tx/%s HTTP/1.1\r\nHost: x\r\n%s\r\n%s";

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aPathMayHaveEightKibibytes() {
        int prefix = "/admin/tx/".length();

        assertThat(status("x".repeat(RequestLimits.URL_CHARACTERS - prefix), "", ""))
                .isEqualTo(404);
        assertThat(status("x".repeat(RequestLimits.URL_CHARACTERS - prefix + 1), "", ""))
                .isEqualTo(414);
        assertThat(status("T?" + "x".repeat(RequestLimits.URL_CHARACTERS), "", ""))
                .isEqualTo(414);
    }

    @Test
    void anIdThatIsLongerThanAnIndexTakesIsAuditedAllTheSame() {
        String id = "ü".repeat(200) + "x".repeat(5_000);

        assertThat(api.get("/admin/tx/" + RunningApi.segment(id), "X-Actor-Id", "a".repeat(5_000))
                        .statusCode())
                .isEqualTo(404);
        Audited row = Audited.newest(api);
        assertThat(row.resourceId()).startsWith("ü".repeat(200)).endsWith("...[5200 characters]");
        assertThat(row.actor()).startsWith("aaa").endsWith("...[5000 characters]");
        assertThat(api.get("/admin/audit?resource_id=" + RunningApi.segment(id), "X-Actor-Roles", "ADMIN_AUDIT")
                        .body())
                .contains("\"count\":1");
    }

    @Test
    void aBodyMayHaveSixtyFourKibibytesAndIsNotLookedAt() {
        assertThat(status("T", "Content-Length: 65536\r\n", "x".repeat(65_536))).isEqualTo(404);
        assertThat(status("T", "Content-Length: 65537\r\n", "x".repeat(65_537))).isEqualTo(413);
    }

    @Test
    void headersMayHaveSixteenKibibytesAndBeSixtyFour() {
        assertThat(status("T", "X-Long: " + "x".repeat(15_000) + "\r\n", "")).isEqualTo(404);
        assertThat(status("T", "X-Long: " + "x".repeat(17_000) + "\r\n", "")).isEqualTo(400);
        assertThat(status("T", "X-Many: x\r\n".repeat(60), "")).isEqualTo(404);
        assertThat(status("T", "X-Many: x\r\n".repeat(65), "")).isEqualTo(400);
    }

    private static int status(String path, String headers, String body) {
        return RawHttp.exchange(api.port(), GET.formatted(path, headers, body)).status();
    }
}

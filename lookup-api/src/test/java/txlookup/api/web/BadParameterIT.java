package txlookup.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.api.Changed;
import txlookup.api.RawHttp;
import txlookup.api.RunningApi;

/** 400 for a bad parameter, naming it (docs/contract.md, Lookup API). */
class BadParameterIT {
    private static final String LIST = "/admin/wallets/W-1/tx";

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
        api.store(
                payment("TX-1").wallet("W-1"),
                payment("TX-2").wallet("W-1"),
                payment("TX-3").wallet("W-1"));
        api.store(payment("TX-4").wallet("W-2"), payment("TX-5").wallet("W-2"));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "101",
                "-1",
                "abc",
                "1.5",
                "%2B5",
                "99999999999999999999",
                "0x10",
                "1e1",
                "%D9%A1",
                "5&limit=6"
            })
    void aLimitThatIsNoWholeNumberFrom1To100IsRefused(String limit) {
        assertBad(LIST + "?limit=" + limit, "limit");
    }

    @ParameterizedTest
    @CsvSource({"1", "100"})
    void theLimitsEndsAreTaken(String limit) {
        assertThat(api.get(LIST + "?limit=" + limit).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "2026-02-05",
                "2026-02-30T01:00:00Z",
                "2026-13-05T01:00:00Z",
                "2026-02-05T25:00:00Z",
                "2026-02-05T01:00:60Z",
                "2026-02-05T01:00:00%2B40:00",
                "2026-02-05T01:00:00Zulu",
                "1770253200",
                "0000-01-01T00:00:00Z",
                "12026-02-05T01:00:00Z"
            })
    void aTimeThatIsNoIso8601DateAndTimeIsRefused(String time) {
        assertBad(LIST + "?from=" + time, "from");
        assertBad(LIST + "?to=" + time, "to");
    }

    @Test
    void aRangeThatEndsBeforeItStartsIsRefused() {
        assertBad(LIST + "?from=2026-02-05T01:00:01Z&to=2026-02-05T01:00:00Z", "from");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "!!!!", "AAAA", "%00", "bm90IGEgY3Vyc29y", "null"})
    void aCursorThatIsNoneIsRefused(String cursor) {
        assertBad(LIST + "?cursor=" + cursor, "cursor");
    }

    @Test
    void aCursorThatWasTamperedWithIsRefusedWhicheverByteItWas() {
        byte[] cursor = Base64.getUrlDecoder().decode(nextCursor(LIST + "?limit=1"));
        for (int changed = 0; changed < cursor.length; changed++) {
            byte[] tampered = cursor.clone();
            tampered[changed] ^= 1;

            assertBad(LIST + "?limit=1&cursor=" + Base64.getUrlEncoder().encodeToString(tampered), "cursor");
        }
    }

    @Test
    void aCursorOfAnotherWalletIsRefused() {
        assertBad(LIST + "?cursor=" + nextCursor("/admin/wallets/W-2/tx?limit=1"), "cursor");
    }

    @Test
    void aCursorOfAnotherRangeIsRefused() {
        String cursor = nextCursor(LIST + "?limit=1&from=2026-02-05T00:00:00Z");

        assertBad(LIST + "?cursor=" + cursor, "cursor");
        assertBad(LIST + "?cursor=" + cursor + "&from=2026-02-05T00:00:01Z", "cursor");
        assertBad(LIST + "?cursor=" + cursor + "&to=2026-02-05T00:00:00Z", "cursor");
        assertBad(LIST + "?cursor=" + cursor + "&from=2026-02-05T00:00:00Z&to=2026-02-06T00:00:00Z", "cursor");
    }

    @Test
    void aCursorIsGoodForTheSameRangeWrittenOtherwiseAndForAnotherLimit() {
        String cursor = nextCursor(LIST + "?limit=1&from=2026-02-05T00:00:00Z");

        assertThat(api.get(LIST + "?limit=2&from=2026-02-05T09:00:00%2B09:00&cursor=" + cursor)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aCursorOfAnotherSecretIsRefused() {
        try (RunningApi other = RunningApi.start(
                api.database(), settings -> Changed.cursorSecret(settings, "another secret of 32 characters!"))) {
            String cursor = RunningApi.json(other.get(LIST + "?limit=1"))
                    .path("next_cursor")
                    .asString();

            assertBad(LIST + "?cursor=" + cursor, "cursor");
        }
    }

    /** Every process accepts the new key before the first one signs with it; the old one leaves last. */
    @Test
    void aKeyIsReplacedWhileBothAreAccepted() {
        String next = "the next secret of 32 characters";
        String cursor = nextCursor(LIST + "?limit=1");
        try (RunningApi replaced = RunningApi.start(
                api.database(), settings -> Changed.cursorSecret(settings, next + "," + RunningApi.CURSOR_SECRET))) {
            assertThat(replaced.get(LIST + "?cursor=" + cursor).statusCode()).isEqualTo(200);
            String signed = RunningApi.json(replaced.get(LIST + "?limit=1"))
                    .path("next_cursor")
                    .asString();
            assertThat(signed).isNotEqualTo(cursor);
            assertBad(LIST + "?cursor=" + signed, "cursor");
        }
    }

    @Test
    void aQueryWithInvalidPercentEncodingIsRefused() {
        RawHttp answer = RawHttp.exchange(api.port(), "GET " + LIST + "?limit=%zz HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    private static String nextCursor(String path) {
        return api.json(path).path("next_cursor").asString();
    }

    private static void assertBad(String path, String parameter) {
        HttpResponse<String> response = api.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(RunningApi.json(response).path("title").asString()).isEqualTo("Bad Request");
        assertThat(RunningApi.json(response).path("detail").asString()).startsWith(parameter + ": ");
    }
}

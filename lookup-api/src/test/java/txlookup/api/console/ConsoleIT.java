package txlookup.api.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.api.Audited;
import txlookup.api.RunningApi;
import txlookup.api.StoredEntry;

/** The console's pages as a browser gets them. */
class ConsoleIT {
    private static final String HOSTILE = "<script>alert(1)</script>\"'&";

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.startFilled(settings -> settings);
        api.store(StoredEntry.payment(HOSTILE).wallet("W/" + HOSTILE).toOrder("ORD " + HOSTILE));
        api.execute("""
                INSERT INTO dead_letter (dead_letter_id, source_id, position, record_time, reason, detail, record_key,
                    record_value) OVERRIDING SYSTEM VALUE
                VALUES (66, 2, 66, now(), 'parse_error', '<script>alert(2)</script>', '<script>alert(3)</script>',
                    '{"a":"<script>alert(4)</script>","password":"hush"}')""");
        api = api.again(); // open payments are found at the start
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ | Look up a payment | 결제 조회",
                "/?q=TX- | Results for | 검색 결과",
                "/?q=zzz | No id equals it | ID가 없습니다",
                "/tx/TX-PAY | Complete: both sides are here | 완료: 양쪽이 모두 있습니다",
                "/tx/TX-OPEN | The payee’s side has not arrived. | 받는 쪽 거래가 도착하지 않았습니다.",
                "/tx/TX-UNTYPED | Pairing unknown | 짝을 알 수 없음",
                "/orders/ORD-1 | Amounts are the same | 금액이 같습니다",
                "/orders/ORD-BARE | no ledger entry names it | 가리키는 거래가 없습니다",
                "/wallets/W-1 | Entries, newest first | 거래 내역 (최신순)",
                "/wallets/none | No entry names this wallet | 이 지갑을 가리키는 거래가 없습니다",
                "/wallets/W-1?type=PAYMENT&status_group=SUCCESS | Totals of the newest 20,000 | 20,000건 합계",
                "/lookups | Paste up to 500 | 최대 500개까지",
                "/payments | Search by user | 가맹점",
                "/payments?user_id=U-2 | ORD-OPEN | ORD-ODD",
                "/open-pairs?minutes=5&order=newest&merchant_name=Blue%20Bottle | Newest first | 최신순",
                "/dead-letters | grouped by error | 오류별",
                "/open-pairs?minutes=5 | Oldest first | 오래된 순",
                "/open-pairs?minutes=999999 | No payment is open that long | 미완료인 결제가 없습니다",
                "/dead-letters | Dead letters | 데드 레터",
                "/dead-letters?state=RESOLVED | No dead letter matches. | 조건에 맞는 데드 레터가 없습니다.",
                "/dead-letters/1 | Payload, secrets masked | 비밀 값은 가림",
                "/pipeline | Partitions | 파티션",
                "/audit | Opening this page leaves one as well | 이 화면을 여는 것도 기록됩니다",
                "/audit?actor=nobody | No row matches. | 일치하는 기록이 없습니다.",
                "/me | replay and discard dead letters | 데드 레터 재처리와 폐기",
                "/me | Go to the search box | 검색 상자로 이동",
                "/docs | The OpenAPI document | OpenAPI 문서",
                "/docs | Confirm a discard that another person ordered | 매개변수",
                "/rebuilds | Under way | 진행 중",
                "/rebuilds/20260205005000 | GO: every step and every gate held | 모든 단계와 게이트를 통과했습니다",
                "/rebuilds/20260205004000 | The extract, or loading it | 추출 또는 적재",
                "/acts/1 | 100 % of the lookups are answered by generation | 완료",
                "/acts/2 | txlookup generation take | 대기 또는 진행 중",
                "/generations/acts/switch?generation=20260205010000 | is MIGRATED; it can serve | 전환",
                "/generations/acts/rollback | no way back | 되돌리기",
                "/generations/acts/retire?generation=20260205005000 | serves; switch to another first | 폐지",
                "/generations/acts/rebuild | Order a rebuild | 재구축 주문"
            })
    void everyPageIsThereInBothLanguages(String path, String english, String korean) {
        HttpResponse<String> page = api.get(path, "Accept-Language", "en-GB,en;q=0.9,ko;q=0.5");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<html", "lang=\"en\"", english).doesNotContain("??");
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .doesNotContain("unsafe");

        assertThat(api.get(path, "Accept-Language", "ko").body())
                .contains("lang=\"ko\"", korean)
                .doesNotContain("??");
        assertThat(api.get(path, "Accept-Language", "en", "Cookie", "lang=ko").body())
                .contains("lang=\"ko\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tx/none",
                "/orders/none",
                "/dead-letters/999",
                "/dead-letters/runs/999",
                "/rebuilds/1",
                "/acts/999",
                "/generations/acts/none",
                "/no-such-page"
            })
    void whatIsNotThereIsSaidOnAPage(String path) {
        HttpResponse<String> page = api.get(path, "Accept", "text/html");
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("<html", "Not found").doesNotContain("??");
    }

    @Test
    void whoSomebodyIsAndWhatTheyMayDoIsSaidAndAudited() {
        HttpResponse<String> page = api.get("/me", "X-Actor-Id", "lee", "X-Actor-Roles", "ADMIN_READ,TEAM_4");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .containsPattern("(?s)<code>ADMIN_READ</code></dt>\\s*<dd><span aria-hidden=\"true\">✓")
                .containsPattern("(?s)<code>ADMIN_OPERATE</code></dt>\\s*<dd><span aria-hidden=\"true\">✕")
                .contains("TEAM_4");
        Audited row = Audited.newest(api);
        assertThat(row.action()).isEqualTo("VIEW_SELF");
        assertThat(row.actor()).isEqualTo("lee");
    }

    @Test
    void theDescriptionOfTheApiIsForAnyoneAndLeavesNoRow() {
        api.get("/me", "X-Actor-Id", "before");
        HttpResponse<String> docs = api.get("/docs", "X-Actor-Roles", "NONE");
        assertThat(docs.statusCode()).isEqualTo(200);
        assertThat(docs.body())
                .contains("/admin/tx/{tx_id}", "id=\"Transaction\"", "Idempotency-Key", "/openapi.yaml")
                .doesNotContain("<script>", "http://", "https://cdn");
        assertThat(Audited.newest(api).actor()).isEqualTo("before");
    }

    @Test
    void aCardsNumberThatIsSearchedIsNotKept() {
        api.get("/?q=4111111111111111");
        Audited row = Audited.newest(api);
        assertThat(row.resourceId()).isEqualTo("***1111");
        assertThat(row.query()).isEqualTo("q=***1111");
    }

    @Test
    void aProgramGetsAProblemDocumentForAnUnknownPath() {
        assertThat(RunningApi.json(api.get("/no-such-page")).path("detail").asString())
                .isEqualTo("path not found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/rebuilds/x",
                "/acts/x",
                "/generations/acts/switch",
                "/dead-letters/x",
                "/dead-letters?state=x",
                "/open-pairs?minutes=x",
                "/wallets/W-1?cursor=x"
            })
    void aWrongParameterIsNamedOnAPage(String path) {
        HttpResponse<String> page = api.get(path);
        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains("<html", "That cannot be asked");
    }

    @Test
    void oneExactIdLeadsToItsPage() {
        assertThat(location("/?q=TX-PAY")).isEqualTo("/tx/TX-PAY");
        assertThat(location("/?q=%20ORD-1%20")).isEqualTo("/orders/ORD-1");
        assertThat(location("/?q=W-1")).isEqualTo("/wallets/W-1");
        assertThat(location("/?q=" + RunningApi.segment(HOSTILE))).isEqualTo("/tx/" + RunningApi.segment(HOSTILE));
    }

    @Test
    void hostileIdsAreShownAsText() {
        String id = RunningApi.segment(HOSTILE);
        for (String path : List.of(
                "/tx/" + id,
                "/orders/ORD%20" + id,
                "/wallets/W%2F" + id,
                "/open-pairs?minutes=0",
                "/?q=%3Cscript",
                "/?q=%3Cscript%3Ealert(9)",
                "/tx/%3Cscript%3Ealert(9)",
                "/wallets/%3Cscript%3Ealert(9)",
                "/dead-letters",
                "/dead-letters/66")) {
            HttpResponse<String> page = api.get(path);
            assertThat(page.statusCode()).as(path).isIn(200, 404);
            assertThat(page.body()).as(path).contains("&lt;script&gt;").doesNotContain("<script>");
        }
        assertThat(api.get("/dead-letters/66").body()).doesNotContain("hush");
    }

    @Test
    void eachViewIsAuditedLikeItsLookup() {
        api.get("/tx/TX-SEEN-HERE", "X-Actor-Id", "kim");
        Audited row = Audited.of(api, "TX-SEEN-HERE");
        assertThat(row.actor()).isEqualTo("kim");
        assertThat(row.action()).isEqualTo("LOOKUP_TX");
        assertThat(row.result()).isEqualTo("NOT_FOUND");
        assertThat(row.path()).isEqualTo("/tx/TX-SEEN-HERE");

        api.get("/dead-letters/66", "X-Actor-Id", "kim");
        assertThat(Audited.allOf(api, "66")).anyMatch(seen -> seen.action().equals("VIEW_DEAD_LETTER"));

        api.get("/rebuilds/20260205005000", "X-Actor-Id", "kim");
        assertThat(Audited.allOf(api, "20260205005000"))
                .anyMatch(seen ->
                        seen.action().equals("VIEW_REBUILD") && seen.actor().equals("kim"));
    }

    @Test
    void whereNoRebuildIsKeptThePageSaysWhatToDoAlsoBeforeTheStoreIsMigrated() {
        try (RunningApi empty = RunningApi.start()) {
            assertThat(empty.get("/rebuilds").body()).contains("No rebuild is kept here.", "txlookup demo");
            empty.execute("DROP TABLE bo.evidence");
            assertThat(empty.get("/rebuilds").body()).contains("No rebuild is kept here.", "txlookup demo");
            assertThat(empty.get("/admin/rebuilds/1").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theLanguageIsSwitchedByACookieAndLeadsNowhereElse() {
        HttpResponse<String> answer = api.get("/language/ko?back=%2Ftx%2FTX-PAY");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).hasValue("/tx/TX-PAY");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("lang=ko", "SameSite=Lax");
        for (String elsewhere : List.of("https://evil.example", "//evil.example", "/%5Cevil.example", "/%0d%0aX: y")) {
            assertThat(location("/language/en?back=" + elsewhere.replace(" ", "%20")))
                    .isEqualTo("/");
        }
        assertThat(api.get("/language/de").statusCode()).isEqualTo(400);
    }

    @Test
    void filesAreKeptByBrowsersUnderTheirDigest() {
        String page = api.get("/").body();
        for (String name : List.of("console.css", "console.js", "htmx.js", "favicon.svg")) {
            assertThat(page).containsPattern("/assets/" + name.replace(".", "\\.") + "\\?v=[0-9a-f]{12}");
            HttpResponse<String> file = api.get("/assets/" + name);
            assertThat(file.statusCode()).isEqualTo(200);
            assertThat(file.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        }
        assertThat(api.get("/assets/other.js").statusCode()).isEqualTo(404);
        assertThat(page).doesNotContain("style=").doesNotContain("onclick").doesNotContain("javascript:");
    }

    @Test
    void bothLanguagesSayTheSameThings() throws IOException {
        assertThat(messages("messages_ko").stringPropertyNames())
                .isEqualTo(messages("messages").stringPropertyNames());
    }

    private static Properties messages(String name) throws IOException {
        Properties messages = new Properties();
        try (var file = ConsoleIT.class.getResourceAsStream("/txlookup/api/console/" + name + ".properties");
                var reader = new java.io.InputStreamReader(file, UTF_8)) {
            messages.load(reader);
        }
        return messages;
    }

    private static String location(String path) {
        return api.get(path).headers().firstValue("Location").orElse("none");
    }
}

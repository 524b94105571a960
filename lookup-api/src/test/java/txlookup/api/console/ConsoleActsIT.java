package txlookup.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.auth.TokenIssuer;

/** Who may do what about dead letters, and what an order is for those who carry it out. */
class ConsoleActsIT {
    private static final String FILL = """
            INSERT INTO coverage (source_id, kind, name, partition, start_position, next_position, as_of)
            OVERRIDING SYSTEM VALUE VALUES (1, 'STREAM', 'ledger', 0, 0, 50, '2026-02-05T00:50:00Z'),
                (2, 'STREAM', 'orders', 0, 0, 50, '2026-02-05T00:50:00Z');
            INSERT INTO dead_letter (dead_letter_id, source_id, position, record_time, reason, detail, attempts)
            OVERRIDING SYSTEM VALUE VALUES (1, 1, 1, now(), 'parse_error', 'x', 0), (2, 1, 2, now(), 'parse_error', 'x', 5),
                (3, 1, 3, now(), 'tombstone', 'x', 0), (4, 2, 4, now(), 'parse_error', 'x', 0)""";

    private static final String OF_IT = Orders.OF_IT;

    private final HttpClient client = HttpClient.newHttpClient();
    private RunningApi api;
    private Orders orders;

    @BeforeEach
    void start() {
        api = RunningApi.start();
        api.execute(FILL);
        orders = new Orders(api);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aTrialOnlyWaitsForAConsumerAndMarksNothing() {
        HttpResponse<String> answer = post("/dead-letters/trials", "&ids=1&ids=2");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).hasValue(run(1));
        assertThat(rows("SELECT dry_run, runner IS NULL, ended_at IS NULL, only_ids, actor FROM dead_letter_run"))
                .containsExactly("t,t,t,{1,2},kim");
        assertThat(open()).isEqualTo("1,2,3,4");
        assertThat(api.get("/dead-letters/runs/1").body())
                .contains("Waiting for a consumer", "hx-trigger=\"every 1s\"");
    }

    @Test
    void nothingIsReplayedThatWasNotTriedOut() {
        post("/dead-letters/trials", "&scope=matching&reason=parse_error&source=ledger");
        assertThat(post("/dead-letters/runs/1/replay", "").statusCode()).isEqualTo(400);

        api.execute("UPDATE dead_letter_run SET runner = 'c', resolved = 1, ended_at = now();"
                + " INSERT INTO dead_letter_trial VALUES (1, 2), (1, 1)");
        // It came after the trial, and matches.
        api.execute("INSERT INTO dead_letter (dead_letter_id, source_id, position, record_time, reason, detail)"
                + " OVERRIDING SYSTEM VALUE VALUES (9, 1, 9, now(), 'parse_error', 'x')");
        assertThat(post("/dead-letters/runs/1/replay", "").headers().firstValue("Location"))
                .hasValue(run(2));
        assertThat(rows("SELECT dry_run, only_ids, only_reason, only_source, trial_id, runner IS NULL"
                        + " FROM dead_letter_run WHERE run_id = 2"))
                .containsExactly("f,{1,2},null,null,1,t");
        assertThat(open()).isEqualTo("1,2,3,4,9");
        assertThat(post("/dead-letters/runs/2/replay", "").statusCode()).isEqualTo(400);
    }

    @Test
    void anOrderSaysWhoWorksOnItAndThatTheyAreGoneAndWhyItFailed() {
        post("/dead-letters/trials", "&ids=1");
        api.execute("UPDATE dead_letter_run SET runner = 'consumer-3', leased_until = now() + interval '1 hour'");
        assertThat(api.get("/dead-letters/runs/1").body()).contains("data-stage=\"RUNNING\"");

        api.execute("UPDATE dead_letter_run SET leased_until = now() - interval '1 s'");
        assertThat(api.get("/dead-letters/runs/1").body())
                .contains("data-stage=\"INTERRUPTED\"", "consumer-3 worked on it", "hx-trigger=\"every 1s\"");
        assertThat(api.get("/dead-letters/runs/1", "Accept-Language", "ko").body())
                .contains("consumer-3이(가) 처리하다가 응답이 끊겼습니다");

        api.execute("UPDATE dead_letter_run SET ended_at = now(), resolved = 1, failure = 'SQLSTATE 42501: <no>'");
        assertThat(api.get("/dead-letters/runs/1").body())
                .contains("data-stage=\"FAILED\"", "SQLSTATE 42501: &lt;no&gt;")
                .doesNotContain("Replay for good");
        assertThat(api.get("/dead-letters").body()).contains("Failed", "SQLSTATE 42501: &lt;no&gt;");
    }

    @Test
    void aPageThatIsForgottenStopsLooking() {
        post("/dead-letters/trials", "&ids=1");
        assertThat(api.get("/dead-letters/runs/1").body()).contains("look=1", "hx-trigger=\"every 1s\"");
        assertThat(api.get("/dead-letters/runs/1?look=60").body()).contains("look=61", "hx-trigger=\"every 10s\"");
        assertThat(api.get("/dead-letters/runs/1?look=120").body())
                .contains("no longer looks by itself")
                .doesNotContain("hx-trigger");
    }

    @Test
    void aDiscardIsDoneAtOnceWithItsReasonOrNotAtAll() {
        assertThat(post("/dead-letters/discards", "&ids=3").statusCode()).isEqualTo(400);
        assertThat(post("/dead-letters/discards", "&note=load+test").statusCode())
                .isEqualTo(400);
        assertThat(open()).isEqualTo("1,2,3,4");

        assertThat(post("/dead-letters/discards", "&ids=3&ids=99&note=load+test")
                        .statusCode())
                .isEqualTo(303);
        assertThat(
                        rows(
                                "SELECT state, settled_by, note, settled_at IS NOT NULL FROM dead_letter WHERE dead_letter_id = 3"))
                .containsExactly("DISCARDED,kim,load test,t");
        assertThat(rows("SELECT action, selected, discarded, ended_at IS NOT NULL FROM dead_letter_run"))
                .containsExactly("DISCARD,1,1,t");
    }

    @Test
    void aFormWithoutItsTokenIsRefusedAndThatIsAudited() throws Exception {
        String token = orders.token();
        for (String[] forged : new String[][] {
            {"form_token=" + token, OF_IT + "&ids=1", ""},
            {"", OF_IT + "&ids=1&form_token=" + token, ""},
            {"form_token=" + token, OF_IT + "&ids=1&form_token=" + "A".repeat(43), ""},
            {"form_token=" + token, OF_IT + "&ids=1&form_token=" + token, "cross-site"}
        }) {
            HttpResponse<String> answer =
                    send("/dead-letters/trials", forged[1], forged[0], forged[2], "ADMIN_READ,ADMIN_OPERATE");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("Not allowed", "token");
        }
        assertThat(rows("SELECT count(*) FROM dead_letter_run")).containsExactly("0");
        assertThat(Audited.allOf(api, "/dead-letters/trials"))
                .hasSize(4)
                .allMatch(row -> row.result().equals("DENIED") && row.actor().equals("kim"));
    }

    @Test
    void whoMayOnlyLookUpSeesNoButtonsAndIsRefused() throws Exception {
        HttpResponse<String> list = api.get("/dead-letters", "X-Actor-Roles", "ADMIN_READ");
        assertThat(list.body()).contains("You need the role ADMIN_OPERATE").doesNotContain("Try out the chosen");
        assertThat(list.headers().firstValue("Set-Cookie")).isEmpty();

        String token = orders.token();
        HttpResponse<String> answer = send(
                "/dead-letters/discards",
                OF_IT + "&ids=1&note=x&form_token=" + token,
                "form_token=" + token,
                "",
                "ADMIN_READ,ADMIN_AUDIT");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("ADMIN_OPERATE");
        assertThat(Audited.of(api, "1").result()).isEqualTo("DENIED");
        assertThat(open()).isEqualTo("1,2,3,4");
    }

    @Test
    void eachActIsAuditedWithWhatItWasAbout() {
        post("/dead-letters/discards", "&ids=1&ids=3&note=x");
        assertThat(Audited.allOf(api, "1,3"))
                .extracting(Audited::action)
                .containsExactly("ORDER_DEAD_LETTER_DISCARD", "DISCARD_DEAD_LETTERS");
        Audited row = Audited.allOf(api, "1,3").get(1);
        assertThat(row.actor()).isEqualTo("kim");
        assertThat(row.result()).isEqualTo("FOUND");
        assertThat(row.resultCount()).isEqualTo(2);
    }

    @Test
    void anActThatFailsIsAuditedBeforeAndAfter() {
        assertThat(post("/dead-letters/runs/77/replay", "").statusCode()).isEqualTo(400);

        assertThat(Audited.allOf(api, "run 77"))
                .extracting(row -> row.action() + " " + row.statusCode())
                .containsExactly("ORDER_DEAD_LETTER_REPLAY 202", "REPLAY_DEAD_LETTERS 400");
    }

    @Test
    void aTrialThatIsOldIsTriedOutAgainFirst() {
        post("/dead-letters/trials", "&ids=1");
        api.execute("UPDATE dead_letter_run SET runner = 'c', resolved = 1, ended_at = now() - interval '25 hours';"
                + " INSERT INTO dead_letter_trial VALUES (1, 1)");

        assertThat(post("/dead-letters/runs/1/replay", "").statusCode()).isEqualTo(400);
    }

    @Test
    void anEditedValueIsTriedAndReplayedBesideTheOriginal() {
        assertThat(post("/dead-letters/trials", "&ids=1&ids=2&patch=%7B%7D").statusCode())
                .isEqualTo(400);
        assertThat(post("/dead-letters/trials", "&ids=1&patch=%7B%22a%22%3A%22***%22%7D")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/dead-letters/trials", "&ids=1&patch=%7B%22a%22%3A1%7D")
                        .statusCode())
                .isEqualTo(303);
        api.execute("UPDATE dead_letter_run SET runner = 'c', resolved = 1, ended_at = now();"
                + " INSERT INTO dead_letter_trial VALUES (1, 1)");
        assertThat(post("/dead-letters/runs/1/replay", "").statusCode()).isEqualTo(303);

        assertThat(rows("SELECT patch, only_ids, dry_run FROM dead_letter_run ORDER BY run_id"))
                .containsExactly("{\"a\":1},{1},t", "{\"a\":1},{1},f");
        assertThat(rows("SELECT record_value IS NULL FROM dead_letter WHERE dead_letter_id = 1"))
                .containsExactly("t");
        assertThat(api.get("/dead-letters/runs/2").body()).contains("{&quot;a&quot;:1}");
    }

    @Test
    void programsActWithAKeyAndTheSameKeyIsTheSameOrder() {
        String body = "{\"ids\":[1,3],\"reason\":\"load test\"}";
        HttpResponse<String> first = act("/admin/dead-letters/discards", body, "key-00001", "ADMIN_READ,ADMIN_OPERATE");
        HttpResponse<String> again = act("/admin/dead-letters/discards", body, "key-00001", "ADMIN_READ,ADMIN_OPERATE");
        HttpResponse<String> other = act(
                "/admin/dead-letters/discards",
                "{\"ids\":[2],\"reason\":\"x\"}",
                "key-00001",
                "ADMIN_READ,ADMIN_OPERATE");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
        assertThat(first.headers().firstValue("Location")).hasValue("/admin/dead-letters/runs/1");
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(open()).isEqualTo("2,4");
        assertThat(rows("SELECT count(*) FROM dead_letter_run")).containsExactly("1");
        assertThat(api.json("/admin/dead-letters/runs/1").path("discarded").asInt())
                .isEqualTo(2);
        assertThat(act("/admin/dead-letters/discards", body, "key-00002", "ADMIN_READ")
                        .statusCode())
                .isEqualTo(403);
        assertThat(act("/admin/dead-letters/discards", body, "short", "ADMIN_READ,ADMIN_OPERATE")
                        .statusCode())
                .isEqualTo(400);

        HttpResponse<String> trial = act(
                "/admin/dead-letters/trials",
                "{\"reason_code\":\"parse_error\",\"reason\":\"mended\"}",
                "key-00003",
                "ADMIN_READ,ADMIN_OPERATE");
        assertThat(trial.statusCode()).as(trial.body()).isEqualTo(202);
        long run = RunningApi.json(trial).path("run_id").asLong();
        api.execute("UPDATE dead_letter_run SET runner = 'c', resolved = 1, ended_at = now() WHERE run_id = %1$d;"
                        .formatted(run)
                + " INSERT INTO dead_letter_trial VALUES (%d, 4)".formatted(run));
        HttpResponse<String> replay = act(
                "/admin/dead-letters/replays",
                "{\"trial\":%d,\"reason\":\"mended\"}".formatted(run),
                "key-00004",
                "ADMIN_READ,ADMIN_OPERATE");
        assertThat(replay.statusCode()).as(replay.body()).isEqualTo(202);
        assertThat(rows("SELECT only_ids, trial_id, note FROM dead_letter_run ORDER BY run_id DESC LIMIT 1"))
                .containsExactly("{4}," + run + ",mended");
    }

    private HttpResponse<String> act(String path, String body, String key, String roles) {
        return orders.program(path, body, key, "kim", roles);
    }

    @Test
    void deadLettersAreGroupedByWhatIsSaidOfThem() {
        api.execute("INSERT INTO dead_letter (dead_letter_id, source_id, position, record_time, reason, detail)"
                + " OVERRIDING SYSTEM VALUE SELECT 100 + n, 1, 100 + n, now(), 'parse_error', 'amount: not a decimal: ''' || n || ''' at ' || n"
                + " FROM generate_series(1, 30) n");

        assertThat(api.get("/dead-letters").body()).contains("amount: not a decimal: … at …", "<b>30</b>");
    }

    @Test
    void theTokenIsForThisSiteAlone() {
        assertThat(api.get("/dead-letters").headers().firstValue("Set-Cookie").orElseThrow())
                .contains("form_token=", "SameSite=Strict", "HttpOnly");
    }

    @Test
    void thePipelineIsStreamedToWhoWatches() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/pipeline/stream".formatted(api.port())))
                .header("Accept-Language", "ko")
                .build();
        HttpResponse<java.util.stream.Stream<String>> stream =
                client.send(request, HttpResponse.BodyHandlers.ofLines());
        assertThat(stream.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        try (java.util.stream.Stream<String> lines = stream.body()) {
            assertThat(lines.limit(40).toList())
                    .contains("event:panel")
                    .anyMatch(line -> line.startsWith("data:") && line.contains("처리량"));
        }
    }

    @Test
    void withTokensABrowserIsToldHowToGetIn() {
        RSAKey key = TokenIssuer.rsaKey("console");
        try (TokenIssuer issuer = TokenIssuer.start();
                RunningApi guarded =
                        RunningApi.start(settings -> Changed.authentication(settings, "cloud-test", issuer.oidc()))) {
            issuer.show(key);
            for (String path : List.of("/", "/tx/TX-1", "/dead-letters", "/pipeline", "/pipeline/stream")) {
                HttpResponse<String> answer = guarded.get(path, "X-Actor-Id", "mallory", "X-Actor-Roles", "ADMIN_READ");
                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThat(answer.body()).contains("Not signed in", "proxy").doesNotContain("mallory");
                assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            }
            assertThat(guarded.get("/", "Authorization", bearer(issuer, key, "SOMETHING"))
                            .statusCode())
                    .isEqualTo(403);
            String read = bearer(issuer, key, "ADMIN_READ");
            assertThat(guarded.get("/", "Authorization", read).statusCode()).isEqualTo(200);
            assertThat(guarded.get("/dead-letters", "Authorization", read)
                            .headers()
                            .firstValue("Set-Cookie"))
                    .isEmpty();
        }
    }

    private static String bearer(TokenIssuer issuer, RSAKey key, String role) {
        return "Bearer " + TokenIssuer.sign(issuer.claims().claim("roles", List.of(role)), key);
    }

    private HttpResponse<String> post(String path, String form) {
        return orders.submit(path, form, "kim", Orders.OPERATOR);
    }

    private HttpResponse<String> send(String path, String form, String cookie, String site, String roles) {
        List<String> headers = new ArrayList<>();
        if (!cookie.isEmpty()) {
            headers.addAll(List.of("Cookie", cookie));
        }
        if (!site.isEmpty()) {
            headers.addAll(List.of("Sec-Fetch-Site", site));
        }
        return orders.send(path, form, "kim", roles, headers);
    }

    private static String run(int id) {
        return "/dead-letters/runs/" + id + "?" + OF_IT;
    }

    private String open() {
        return String.join(",", rows("SELECT dead_letter_id FROM dead_letter WHERE state = 'OPEN' ORDER BY 1"));
    }

    private List<String> rows(String sql) {
        return orders.rows(sql);
    }
}

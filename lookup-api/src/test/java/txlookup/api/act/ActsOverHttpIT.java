package txlookup.api.act;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.ApiGenerations.NEW;
import static txlookup.api.ApiGenerations.OLD;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import txlookup.api.ApiGenerations;
import txlookup.api.Audited;
import txlookup.api.RunningApi;
import txlookup.api.generation.ServingSwitchIT;
import txlookup.local.testing.TestDatabase;

/** Acts on generations over HTTP: by whom may, audited twice, and once however often they are sent. */
class ActsOverHttpIT {
    private static final String SWITCH = "/admin/generations/" + NEW + "/switch";
    private static final String REASON = "{\"reason\": \"a test\"}";
    private static final String COMPARED = """
            INSERT INTO g%d.verification (against, judged_through, rows_judged, differences, passed, evidence)
            VALUES ('generation %d', now(), 400, 0, true, 'a53f')""".formatted(NEW, OLD);

    private TestDatabase database;
    private RunningApi api;

    @BeforeEach
    void start() {
        database = ApiGenerations.database();
        api = RunningApi.start(database, settings -> settings);
        RunningApi.awaitPrepared(database, NEW);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aSwitchHappensAtOnceAndTheSameKeyDoesNotSwitchAgain() {
        ApiGenerations.execute(database, COMPARED);

        HttpResponse<String> answer = post(SWITCH, REASON, "key-0001");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode act = RunningApi.json(answer);
        assertThat(act.path("kind").stringValue()).isEqualTo("SWITCH");
        assertThat(act.path("actor").stringValue()).isEqualTo("ann");
        assertThat(act.path("outcome").stringValue()).isEqualTo("DONE");
        assertThat(ServingSwitchIT.generation(api.get("/admin/tx/TX-1"))).isEqualTo(NEW);
        assertThat(Audited.allOf(api, Long.toString(NEW)))
                .extracting(row -> row.action() + " " + row.statusCode() + " " + row.actor())
                .containsExactly("ORDER_SWITCH 202 ann", "SWITCH_GENERATION 200 ann");

        assertThat(post("/admin/generations/rollback", REASON, "key-0002").statusCode())
                .isEqualTo(200);
        JsonNode again = RunningApi.json(post(SWITCH, REASON, "key-0001"));
        assertThat(again.path("act").longValue()).isEqualTo(act.path("act").longValue());
        assertThat(ServingSwitchIT.generation(api.get("/admin/tx/TX-1"))).isEqualTo(OLD);
        assertThat(RunningApi.json(
                        operator("GET", answer.headers().firstValue("Location").orElseThrow())))
                .isEqualTo(again);
    }

    @Test
    void aRefusalSaysWhyAndIsAuditedToo() {
        HttpResponse<String> answer = post(SWITCH, REASON, "key-0001");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("never compared");
        assertThat(Audited.allOf(api, Long.toString(NEW)))
                .extracting(row -> row.action() + " " + row.statusCode())
                .containsExactly("ORDER_SWITCH 202", "SWITCH_GENERATION 409");
        assertThat(post("/admin/generations/rollback", REASON, "key-0002").body())
                .contains("no way back");
        assertThat(post("/admin/generations/%d/retire".formatted(OLD), REASON, "key-0003")
                        .body())
                .contains("serves; switch to another first");
    }

    @Test
    void aShareIsGivenAndTakenBack() {
        ApiGenerations.execute(database, COMPARED);
        assertThat(post(SWITCH, "{\"reason\": \"trial\", \"share\": 10}", "key-0001")
                        .statusCode())
                .isEqualTo(200);
        assertThat(share()).isEqualTo(10);
        assertThat(post("/admin/generations/rollback", REASON, "key-0002").statusCode())
                .isEqualTo(200);
        assertThat(share()).isZero();
    }

    @Test
    void whoMayNotOperateOrdersNothing() {
        ApiGenerations.execute(database, COMPARED);
        HttpResponse<String> answer = api.post(
                SWITCH, REASON, "X-Actor-Id", "ann", "Content-Type", "application/json", "Idempotency-Key", "key-0001");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(Audited.allOf(api, Long.toString(NEW)))
                .extracting(Audited::result)
                .containsExactly("DENIED");
        assertThat(ApiGenerations.number(database, "SELECT count(*) FROM bo.act"))
                .isZero();
    }

    @Test
    void whatIsNoOrderIsRefusedBeforeAnythingIsDone() {
        List<HttpResponse<String>> answers = new ArrayList<>();
        answers.add(post(SWITCH, "{}", "key-0001"));
        answers.add(post(SWITCH, "{\"reason\": \"a\", \"share\": 0}", "key-0001"));
        answers.add(post(SWITCH, "{\"reason\": \"a\", \"share\": \"10\"}", "key-0001"));
        answers.add(post(SWITCH, "{\"reason\": \"a\", \"shares\": 10}", "key-0001"));
        answers.add(post(SWITCH, "{\"reason\": \"a\\u0000b\"}", "key-0001"));
        answers.add(post(SWITCH, "[]", "key-0001"));
        answers.add(post(SWITCH, "{\"reason\":", "key-0001"));
        answers.add(post(SWITCH, REASON, "short"));
        answers.add(post("/admin/generations/next/switch", REASON, "key-0001"));
        answers.add(api.post(
                SWITCH,
                REASON,
                "X-Actor-Roles",
                "ADMIN_READ,ADMIN_OPERATE",
                "Content-Type",
                "text/plain",
                "Idempotency-Key",
                "key-0001"));
        answers.add(api.post(
                SWITCH, REASON, "X-Actor-Roles", "ADMIN_READ,ADMIN_OPERATE", "Content-Type", "application/json"));
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400));
        assertThat(ApiGenerations.number(database, "SELECT count(*) FROM bo.act"))
                .isZero();
    }

    @Test
    void rebuildsAndRetirementsWaitForAnOperatorsProcess() {
        HttpResponse<String> rebuild = post("/admin/generations/rebuild", REASON, "key-0001");
        HttpResponse<String> retirement = post("/admin/generations/%d/retire".formatted(NEW), REASON, "key-0002");
        assertThat(rebuild.statusCode()).isEqualTo(202);
        assertThat(retirement.statusCode()).as(retirement.body()).isEqualTo(202);
        assertThat(RunningApi.json(operator("GET", "/admin/acts")).path("acts"))
                .extracting(act -> act.path("kind").stringValue() + " " + act.path("outcome"))
                .containsExactly("RETIRE null", "REBUILD null");
        assertThat(operator("GET", "/admin/acts/999").statusCode()).isEqualTo(404);
    }

    @Test
    void theConsoleSaysWhatAnActWillDoThenDoesIt() {
        ApiGenerations.execute(database, COMPARED);
        HttpResponse<String> list = api.get("/rebuilds", "Accept-Language", "en");
        assertThat(list.body()).contains("/generations/acts/switch?generation=" + NEW, "/generations/acts/rollback");
        HttpResponse<String> page = api.get("/generations/acts/switch?generation=" + NEW, "Accept-Language", "en");
        assertThat(page.body()).contains("Switch now", "kept as the way back").doesNotContain("Not now");
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow();
        String token = cookie.substring("form_token=".length(), cookie.indexOf(';'));
        String form = "reason=a+test&share=100&generation=%d&key=%s&form_token=%s"
                .formatted(NEW, field(page.body(), "key"), token);

        assertThat(submit(form, "form_token=none").statusCode()).isEqualTo(403);
        assertThat(share()).isZero();
        HttpResponse<String> done = submit(form, "form_token=" + token);
        HttpResponse<String> twice = submit(form, "form_token=" + token);

        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        String act = done.headers().firstValue("Location").orElseThrow();
        assertThat(twice.headers().firstValue("Location")).hasValue(act);
        assertThat(api.get(act, "Accept-Language", "en").body()).contains("Done", "a test");
        assertThat(ServingSwitchIT.generation(api.get("/admin/tx/TX-1"))).isEqualTo(NEW);
    }

    private HttpResponse<String> submit(String form, String cookie) {
        return api.post(
                "/generations/acts/switch",
                form,
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Cookie",
                cookie);
    }

    private static String field(String page, String name) {
        String before = "name=\"" + name + "\" value=\"";
        int at = page.indexOf(before) + before.length();
        return page.substring(at, page.indexOf('"', at));
    }

    private long share() {
        return ApiGenerations.number(database, "SELECT share FROM bo.serving");
    }

    private HttpResponse<String> operator(String method, String path) {
        return api.send(method, path, "X-Actor-Id", "ann", "X-Actor-Roles", "ADMIN_READ,ADMIN_OPERATE");
    }

    private HttpResponse<String> post(String path, String body, String key) {
        return api.post(
                path,
                body,
                "X-Actor-Id",
                "ann",
                "X-Actor-Roles",
                "ADMIN_READ,ADMIN_OPERATE",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                key);
    }
}

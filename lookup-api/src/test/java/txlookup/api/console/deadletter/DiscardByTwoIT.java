package txlookup.api.console.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.console.Orders;

/** Where the environment asks for it, nothing is discarded before a second person confirms it. */
class DiscardByTwoIT {
    private static final String FILL = """
            INSERT INTO coverage (source_id, kind, name, partition, start_position, next_position, as_of)
            OVERRIDING SYSTEM VALUE VALUES (1, 'STREAM', 'ledger', 0, 0, 50, '2026-02-05T00:50:00Z');
            INSERT INTO dead_letter (dead_letter_id, source_id, position, record_time, reason, detail)
            OVERRIDING SYSTEM VALUE VALUES (1, 1, 1, now(), 'parse_error', 'x'), (2, 1, 2, now(), 'tombstone', 'x'),
                (3, 1, 3, now(), 'parse_error', 'x')""";
    private static final String OPERATOR = Orders.OPERATOR;

    private RunningApi api;
    private Orders orders;

    @BeforeEach
    void start() {
        api = RunningApi.start(Changed::discardByTwo);
        api.execute(FILL);
        orders = new Orders(api);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void nothingIsDiscardedUntilAnotherPersonConfirms() {
        assertThat(submit("/dead-letters/discards", "&ids=1&ids=2&note=load+test", "ann", OPERATOR)
                        .statusCode())
                .isEqualTo(303);
        assertThat(states()).containsExactly("OPEN", "OPEN", "OPEN");
        assertThat(rows("SELECT takes_two, ended_at IS NULL, second_actor, act_id IS NULL FROM dead_letter_run"))
                .containsExactly("t,t,null,t");

        assertThat(submit("/dead-letters/runs/1/confirm", "", "ann", OPERATOR).body())
                .contains("cannot confirm it as well");
        assertThat(submit("/dead-letters/runs/1/confirm", "", "eve", "ADMIN_READ")
                        .statusCode())
                .isEqualTo(403);
        assertThat(states()).containsExactly("OPEN", "OPEN", "OPEN");

        assertThat(submit("/dead-letters/runs/1/confirm", "", "ben", OPERATOR).statusCode())
                .isEqualTo(303);
        assertThat(states()).containsExactly("DISCARDED", "DISCARDED", "OPEN");
        assertThat(rows("SELECT actor, second_actor, discarded, ended_at IS NOT NULL, failure FROM dead_letter_run"))
                .containsExactly("ann,ben,2,t,null");
        assertThat(rows("SELECT DISTINCT settled_by, note FROM dead_letter WHERE state = 'DISCARDED'"))
                .containsExactly("ann, ben,load test");
        assertThat(rows("SELECT kind, outcome, actor FROM bo.act")).containsExactly("DISCARD,DONE,ann");
    }

    @Test
    void bothPeopleAreInTheAuditBeforeAndAfter() {
        submit("/dead-letters/discards", "&ids=1&note=x", "ann", OPERATOR);
        submit("/dead-letters/runs/1/confirm", "", "ann", OPERATOR);
        submit("/dead-letters/runs/1/confirm", "", "ben", OPERATOR);

        assertThat(Audited.allOf(api, "1"))
                .extracting(row -> row.action() + " " + row.actor())
                .containsExactly("ORDER_DISCARD_PROPOSAL ann", "PROPOSE_DISCARD ann");
        assertThat(Audited.allOf(api, "run 1"))
                .extracting(row -> row.action() + " " + row.statusCode() + " " + row.actor())
                .containsExactly(
                        "ORDER_DISCARD_CONFIRMATION 202 ann",
                        "CONFIRM_DISCARD 403 ann",
                        "ORDER_DISCARD_CONFIRMATION 202 ben",
                        "CONFIRM_DISCARD 303 ben");
    }

    @Test
    void anybodyWhoMayOperateDeclinesAndThenItIsOver() {
        submit("/dead-letters/discards", "&ids=3&note=x", "ann", OPERATOR);
        assertThat(submit("/dead-letters/runs/1/decline", "", "ben", OPERATOR).statusCode())
                .isEqualTo(303);
        assertThat(submit("/dead-letters/runs/1/decline", "", "ben", OPERATOR).statusCode())
                .isEqualTo(303);
        assertThat(submit("/dead-letters/runs/1/confirm", "", "cho", OPERATOR).statusCode())
                .isEqualTo(409);
        assertThat(states()).containsExactly("OPEN", "OPEN", "OPEN");
        assertThat(api.get("/dead-letters/runs/1").body()).contains("declined by ben", "data-stage=\"FAILED\"");

        submit("/dead-letters/discards", "&ids=3&note=x", "ann", OPERATOR);
        assertThat(submit("/dead-letters/runs/2/decline", "", "ann", OPERATOR).statusCode())
                .as("who ordered it withdraws it")
                .isEqualTo(303);
    }

    @Test
    void thePageSaysWhatItWaitsForAndOffersEachPersonTheirPart() {
        assertThat(api.get("/dead-letters/3").body())
                .contains("Propose to discard")
                .doesNotContain("Discard for good");
        submit("/dead-letters/discards", "&ids=3&note=x", "ann", OPERATOR);
        String own = api.get("/dead-letters/runs/1", "X-Actor-Id", "ann", "X-Actor-Roles", OPERATOR)
                .body();
        assertThat(own)
                .contains("data-stage=\"PROPOSED\"", "Another person has to confirm it", "Withdraw")
                .doesNotContain("/confirm");
        String other = api.get("/dead-letters/runs/1", "X-Actor-Id", "ben", "X-Actor-Roles", OPERATOR)
                .body();
        assertThat(other).contains("ann wants to discard these", "/dead-letters/runs/1/confirm", "/decline");
        String reader = api.get("/dead-letters/runs/1", "X-Actor-Id", "eve", "X-Actor-Roles", "ADMIN_READ")
                .body();
        assertThat(reader).contains("ann wants to discard these").doesNotContain("/confirm", "/decline");
        assertThat(api.get("/dead-letters/runs/1", "Accept-Language", "ko", "X-Actor-Id", "ben")
                        .body())
                .contains("ann님이 폐기를 요청했습니다", "두 번째 사람을 기다리는 중");
    }

    @Test
    void programsProposeAndConfirmWithAKey() {
        HttpResponse<String> proposed =
                program("/admin/dead-letters/discards", "{\"ids\":[1],\"reason\":\"load test\"}", "key-00001", "ann");
        assertThat(proposed.statusCode()).as(proposed.body()).isEqualTo(202);
        assertThat(api.json("/admin/dead-letters/runs/1").path("stage").asString())
                .isEqualTo("PROPOSED");
        assertThat(api.json("/admin/dead-letters/runs/1").has("second_actor")).isFalse();
        assertThat(program("/admin/dead-letters/runs/1/confirm", "{\"reason\":\"seen\"}", "key-00002", "ann")
                        .statusCode())
                .isEqualTo(403);
        assertThat(program("/admin/dead-letters/runs/1/confirm", "{}", "key-00003", "ben")
                        .statusCode())
                .isEqualTo(400);

        HttpResponse<String> first =
                program("/admin/dead-letters/runs/1/confirm", "{\"reason\":\"seen\"}", "key-00004", "ben");
        HttpResponse<String> again =
                program("/admin/dead-letters/runs/1/confirm", "{\"reason\":\"seen\"}", "key-00004", "ben");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(program("/admin/dead-letters/runs/1/confirm", "{\"reason\":\"seen\"}", "key-00005", "cho")
                        .statusCode())
                .isEqualTo(409);
        assertThat(program("/admin/dead-letters/runs/77/confirm", "{\"reason\":\"seen\"}", "key-00006", "cho")
                        .statusCode())
                .isEqualTo(404);
        assertThat(states()).containsExactly("DISCARDED", "OPEN", "OPEN");
        assertThat(rows("SELECT count(*) FROM bo.act")).containsExactly("1");
        assertThat(api.json("/admin/dead-letters/runs/1").path("second_actor").asString())
                .isEqualTo("ben");
    }

    /** The table itself refuses what a hand might write. */
    @Test
    void theStoreTakesNoSecondPersonWhoIsTheFirst() {
        submit("/dead-letters/discards", "&ids=1&note=x", "ann", OPERATOR);
        assertThatThrownBy(() -> api.execute("UPDATE dead_letter_run SET second_actor = 'ann'"))
                .hasMessageContaining("dead_letter_run_two_people");
        assertThatThrownBy(() -> api.execute("UPDATE dead_letter_run SET ended_at = now()"))
                .hasMessageContaining("dead_letter_run_ends_by_two");
    }

    private HttpResponse<String> submit(String path, String fields, String actor, String roles) {
        return orders.submit(path, fields, actor, roles);
    }

    private HttpResponse<String> program(String path, String body, String key, String actor) {
        return orders.program(path, body, key, actor, OPERATOR);
    }

    private List<String> states() {
        return rows("SELECT state FROM dead_letter ORDER BY dead_letter_id");
    }

    private List<String> rows(String sql) {
        return orders.rows(sql);
    }
}

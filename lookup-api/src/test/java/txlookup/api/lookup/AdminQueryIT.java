package txlookup.api.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.api.Audited;
import txlookup.api.RunningApi;
import txlookup.api.auth.Caller;
import txlookup.api.explain.DeadLetterSearch;
import txlookup.api.search.Search;

/** What is asked beyond the lookups is audited like them, and tells no more than it may. */
class AdminQueryIT {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
        api.store(payment("TX-1").wallet("W-1").toOrder("ORD-1"));
        api = api.again(); // open payments are found at the start
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/tx/TX-1/explain, TX-1, EXPLAIN_TX, FOUND, 1",
        "/admin/tx/TX-0/explain, TX-0, EXPLAIN_TX, EMPTY, 0",
        "/admin/payment-orders/ORD-0/explain, ORD-0, EXPLAIN_PAYMENT_ORDER, EMPTY, 0",
        "/admin/search?q=TX-, TX-, SEARCH, FOUND, 1",
        "/admin/search?q=zzz, zzz, SEARCH, EMPTY, 0",
        "/admin/audit?resource_id=nothing, nothing, VIEW_AUDIT, EMPTY, 0",
        "/admin/open-pairs?older_than=PT0S, *, LIST_OPEN_PAIRS, FOUND, 1"
    })
    void eachInquiryLeavesOneRow(String path, String resourceId, String action, String result, int count) {
        assertThat(api.get(path, "X-Actor-Roles", "ADMIN_AUDIT").statusCode()).isEqualTo(200);

        Audited row = Audited.of(api, resourceId);
        assertThat(row.action()).isEqualTo(action);
        assertThat(row.result()).isEqualTo(result);
        assertThat(row.resultCount()).isEqualTo(count);
    }

    @Test
    void whoMayNotAuditIsDeniedAndThatIsAudited() {
        assertThat(api.get("/admin/audit?resource_id=X", "X-Actor-Roles", "ADMIN_READ,ADMIN_OPERATE")
                        .statusCode())
                .isEqualTo(403);
        assertThat(Audited.of(api, "X").result()).isEqualTo("DENIED");
    }

    @Test
    void aCorrelationIdOfTheAuditIsFoundByAuditorsOnly() {
        api.get("/admin/tx/NO-SUCH", "X-Correlation-ID", "ticket-4711");

        String search = "/admin/search?q=ticket-47";
        assertThat(api.json(search, "X-Actor-Roles", "ADMIN_READ,ADMIN_OPERATE")
                        .path("count")
                        .asInt())
                .isZero();
        assertThat(api.json(search, "X-Actor-Roles", "ADMIN_AUDIT")
                        .path("count")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aWalletIsFoundOnceHoweverManyEntriesItHas() {
        for (int entry = 0; entry < 30; entry++) {
            api.store(payment("MANY-" + entry).wallet("BIG"));
        }

        assertThat(api.json("/admin/search?q=BI").path("count").asInt()).isEqualTo(1);
        assertThat(api.json("/admin/search?q=MANY-").path("count").asInt()).isEqualTo(Search.MOST_OF_A_TYPE);
    }

    @Test
    void anIdThatIsOnlyPartOfALongerOneInADeadLetterIsNotFoundThere() {
        assertThat(DeadLetterSearch.holdsWhole("{\"tx_id\":\"TX-10\"}".getBytes(UTF_8), "TX-1".getBytes(UTF_8)))
                .isFalse();
        assertThat(DeadLetterSearch.holdsWhole(
                        "{\"tx_id\":\"TX-10\",\"x\":\"TX-1\"}".getBytes(UTF_8), "TX-1".getBytes(UTF_8)))
                .isTrue();
    }

    @Test
    void operatingIsARoleOfItsOwn() {
        assertThat(new Caller("kim", List.of("ADMIN_OPERATE")).mayOperate()).isTrue();
        assertThat(new Caller("kim", List.of("ADMIN_READ", "ADMIN_AUDIT")).mayOperate())
                .isFalse();
        assertThat(new Caller("kim", List.of("ADMIN_OPERATE")).hasLookupRole()).isFalse();
    }
}

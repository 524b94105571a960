package txlookup.rebuild.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.rebuild.FakeProcess;
import txlookup.rebuild.platform.GateResult;

class SmokeIT {
    private static final String HIT = "/admin/tx/tx-1";
    private static final String MISS = "/admin/tx/txlookup-smoke-no-such-tx";
    private static final String NOT_FOUND = "{\"status\":404,\"detail\":\"tx_id not found\"}";

    private FakeProcess api;

    @BeforeEach
    void start() throws IOException {
        api = new FakeProcess().answers(HIT, 200, "{\"tx_id\":\"tx-1\"}").answers(MISS, 404, NOT_FOUND);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aHitAndAMissAnsweredAsTheyShouldPass() throws Exception {
        assertThat(check("tx-1"))
                .containsExactly(
                        new GateResult("smoke hit", true, "hit 200", "200 with the entry asked for"),
                        new GateResult("smoke miss", true, "miss 404", "404 tx_id not found"));
    }

    @Test
    void anEmptyStoreIsAskedForTheMissOnly() throws Exception {
        assertThat(new Smoke(api.at("/")).check(Optional.empty()))
                .containsExactly(new GateResult("smoke miss", true, "miss 404", "404 tx_id not found"));
    }

    @Test
    void anotherEntryThanTheOneAskedForIsAFailure() throws Exception {
        api.answers(HIT, 200, "{\"tx_id\":\"tx-2\"}");

        assertThat(check("tx-1")).extracting(GateResult::passed).containsExactly(false, true);
    }

    @Test
    void anEntryThatIsThereAndNotFoundIsAFailure() throws Exception {
        api.answers(HIT, 404, NOT_FOUND);

        assertThat(check("tx-1"))
                .first()
                .isEqualTo(new GateResult("smoke hit", false, "hit 404", "200 with the entry asked for"));
    }

    @Test
    void aMissThatIsFoundIsAFailure() throws Exception {
        api.answers(MISS, 200, "{\"tx_id\":\"txlookup-smoke-no-such-tx\",\"detail\":\"tx_id not found\"}");

        assertThat(check("tx-1")).extracting(GateResult::passed).containsExactly(true, false);
    }

    @Test
    void someOtherProcesssNotFoundIsAFailure() throws Exception {
        api.answers(MISS, 404, "{\"status\":404,\"detail\":\"no such page\"}");

        assertThat(check("tx-1")).extracting(GateResult::passed).containsExactly(true, false);
    }

    @Test
    void anApiThatFailsIsAFailureTwice() throws Exception {
        api.answers(HIT, 500, "{\"tx_id\":\"tx-1\"}").answers(MISS, 500, NOT_FOUND);

        assertThat(check("tx-1"))
                .extracting(GateResult::passed, GateResult::measured)
                .containsExactly(tuple(false, "hit 500"), tuple(false, "miss 500"));
    }

    @Test
    void anIdWithCharactersOfAnAddressIsAskedForAsItIs() throws Exception {
        api.answers("/admin/tx/a%2Fb%20c%3Fd", 200, "{\"tx_id\":\"a/b c?d\"}");

        assertThat(check("a/b c?d")).extracting(GateResult::passed).containsExactly(true, true);
    }

    @Test
    void aTokenIsSentAfreshAtEachLookupAndIsInNoResult() throws Exception {
        Iterator<String> tokens = List.of("first-token", "renewed-token").iterator();
        List<GateResult> results = new Smoke(api.at("/"), () -> Optional.of(tokens.next()), OptionalLong.empty())
                .check(Optional.of("tx-1"));

        assertThat(api.authorizations()).containsExactly("Bearer first-token", "Bearer renewed-token");
        assertThat(results.toString()).doesNotContain("-token");
        assertThat(results).extracting(GateResult::passed).containsExactly(true, true);
    }

    @Test
    void withoutATokenNothingIsAuthorised() throws Exception {
        check("tx-1");

        assertThat(api.authorizations()).containsExactly("", "");
    }

    @Test
    void aGenerationThatDoesNotServeIsAskedByItsNumber() throws Exception {
        new Smoke(api.at("/"), Optional::empty, OptionalLong.of(20261121010733L)).check(Optional.of("tx-1"));
        check("tx-1");

        assertThat(api.generations()).containsExactly("20261121010733", "20261121010733", "", "");
    }

    private List<GateResult> check(String known) throws IOException, InterruptedException {
        return new Smoke(api.at("/")).check(Optional.of(known));
    }
}

package txlookup.api.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.ApiGenerations.NEW;
import static txlookup.api.ApiGenerations.OLD;
import static txlookup.api.generation.ServingSwitchIT.generation;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.api.ApiGenerations;
import txlookup.api.Audited;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.local.testing.TestDatabase;

/** Who may act can ask a generation that does not serve. */
@Tag("nightly")
class NamedGenerationIT {
    private static final String OPERATOR = "ADMIN_READ,ADMIN_OPERATE";

    private TestDatabase database;
    private RunningApi api;

    @BeforeEach
    void start() {
        database = ApiGenerations.database();
        ApiGenerations.state(database, NEW, "CATCHING_UP");
        api = RunningApi.start(database, settings -> settings);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void anOperatorReadsOneThatCatchesUpWithItsOwnWatermarkAndTheAuditNamesIt() {
        HttpResponse<String> answer = ask("/admin/tx/TX-1", NEW, OPERATOR);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(generation(answer)).isEqualTo(NEW);
        assertThat(answer.body()).contains("\"amount\":\"2.00\"");
        assertThat(Audited.of(api, "TX-1").generation()).isEqualTo(NEW);
        assertThat(generation(api.get("/admin/tx/TX-2"))).isEqualTo(OLD);
        assertThat(Audited.of(api, "TX-2").generation()).isEqualTo(OLD);
        Eventually.within(
                Duration.ofSeconds(10),
                "both watermarks are known",
                () -> asOf(NEW).equals("2026-02-05T01:00:02Z") && asOf(OLD).equals("2026-02-05T01:00:01Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/payment-orders/ORD-1",
                "/admin/wallets/W-1/tx",
                "/admin/tx/TX-1/explain",
                "/admin/payment-orders/ORD-1/explain"
            })
    void everyLookupCanBeAskedOfIt(String path) {
        HttpResponse<String> answer = ask(path, NEW, OPERATOR);

        assertThat(generation(answer)).isEqualTo(NEW);
        assertThat(answer.body()).contains("2.00").doesNotContain("1.00");
    }

    @Test
    void whoMayOnlyLookUpIsRefusedAndThatIsAudited() {
        assertThat(ask("/admin/tx/TX-1", NEW, "ADMIN_READ").statusCode()).isEqualTo(403);
        Audited row = Audited.of(api, "TX-1");
        assertThat(row.result()).isEqualTo("DENIED");
        assertThat(row.generation()).isNull();
        assertThat(ask("/admin/tx/TX-2", OLD, "ADMIN_READ").statusCode())
                .as("what serves")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLANNED", "MIGRATED", "ANCHORED", "BACKFILLING", "RETIRING", "RETIRED", "FAILED"})
    void inAnotherStateItCannotBeRead(String state) {
        ApiGenerations.state(database, NEW, state);
        Eventually.within(
                Duration.ofSeconds(10),
                "409 while " + state,
                () -> ask("/admin/tx/TX-1", NEW, OPERATOR).statusCode() == 409);
    }

    @Test
    void oneThatHasJustBecomeReadableIsNotRefused() {
        ApiGenerations.state(database, NEW, "BACKFILLING");
        Eventually.within(
                Duration.ofSeconds(10),
                "409",
                () -> ask("/admin/tx/TX-1", NEW, OPERATOR).statusCode() == 409);
        ApiGenerations.state(database, NEW, "CATCHING_UP");

        assertThat(ask("/admin/tx/TX-1", NEW, OPERATOR).statusCode()).isEqualTo(200);
    }

    @Test
    void anUnknownNumberIsAConflictToo() {
        assertThat(ask("/admin/tx/TX-1", 20200101000000L, OPERATOR).statusCode())
                .isEqualTo(409);
    }

    @Test
    void theDeadLettersOfItAreShownToWhoMayAct() {
        ApiGenerations.execute(database, """
                SET search_path = g%d;
                INSERT INTO dead_letter (dead_letter_id, source_id, position, record_time, reason, detail)
                OVERRIDING SYSTEM VALUE VALUES (7, 1, 1, now(), 'tombstone', 'of the new one')""".formatted(NEW));
        String of = "?generation=" + NEW;

        assertThat(api.get("/dead-letters" + of, "X-Actor-Roles", OPERATOR).body())
                .contains("of the new one", "/dead-letters/7" + of);
        assertThat(api.get("/dead-letters/7" + of, "X-Actor-Roles", OPERATOR).statusCode())
                .isEqualTo(200);
        assertThat(api.get("/dead-letters/7").statusCode()).isEqualTo(404);
        assertThat(api.get("/dead-letters" + of, "X-Actor-Roles", "ADMIN_READ").statusCode())
                .isEqualTo(403);
    }

    private String asOf(long generation) {
        return ask("/admin/tx/TX-1", generation, OPERATOR)
                .headers()
                .firstValue("X-Data-As-Of")
                .orElse("");
    }

    private HttpResponse<String> ask(String path, long generation, String roles) {
        return api.get(path, "X-Generation", Long.toString(generation), "X-Actor-Roles", roles);
    }
}

package txlookup.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.RunningApi;

/** What does not follow the stream is named to operators, while lookups are answered all the same. */
class StandstillIT {
    // The API's clock says 01:00:10, and data that is behind by more than 5 s is stale.
    private static final String FILL = """
            INSERT INTO coverage (kind, name, partition, start_position, next_position, as_of, caught_up_at,
                updated_at)
            VALUES ('BACKFILL', 'ledger.ndjson', -1, 0, 9, '2026-02-05T00:50:00Z', NULL, '2026-02-05T00:50:00Z'),
                   ('STREAM', 'ledger', 0, 0, 50, '2026-02-05T00:50:00Z', '2026-02-05T01:00:09Z', '2026-02-05T00:55:00Z'),
                   ('STREAM', 'ledger', 1, 0, 50, '2026-02-05T00:50:00Z', '2026-02-05T01:00:09Z', '2026-02-05T00:55:00Z')""";

    private RunningApi api;

    @BeforeEach
    void start() {
        api = RunningApi.start();
        api.execute(FILL);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void nothingIsSaidWhileAllIsWell() {
        assertThat(api.get("/ready").body()).isEqualTo("{\"status\":\"ready\",\"not_ready\":{}}");
        assertThat(api.get("/pipeline").body()).doesNotContain("Stopped or late");
    }

    @Test
    void aStoppedPartitionIsNamedAndThePageSaysWhy() {
        api.execute(
                "UPDATE coverage SET stopped_at = '2026-02-05T00:59:00Z', stopped_reason = 'offsets 50 to <80> are gone'"
                        + " WHERE name = 'ledger' AND partition = 1");

        HttpResponse<String> ready = api.get("/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body())
                .isEqualTo("{\"status\":\"ready\",\"not_ready\":{},\"late\":{\"ledger-1 of generation 20260205005000\":"
                        + "\"stopped since 2026-02-05T00:59:00Z; the console's pipeline page says why\"}}");
        assertThat(api.get("/pipeline").body())
                .contains("Stopped or late", "Stopped", "ledger-1", "offsets 50 to &lt;80&gt; are gone");
        assertThat(api.get("/pipeline", "Accept-Language", "ko").body()).contains("멈추었거나 늦는 것", "다른 파티션은 계속됩니다");
    }

    @Test
    void aPartitionThatIsBehindIsNamedWithWhenItsDataEnds() {
        api.execute("UPDATE coverage SET caught_up_at = '2026-02-05T00:59:50Z', applied_until = '2026-02-05T01:00:02Z'"
                + " WHERE name = 'ledger' AND partition = 0");

        assertThat(api.json("/ready")
                        .at("/late/ledger-0 of generation 20260205005000")
                        .asString())
                .isEqualTo("complete up to 2026-02-05T01:00:02Z");
        assertThat(api.get("/ready").statusCode()).isEqualTo(200);
        assertThat(api.get("/pipeline").body()).contains("Behind", "complete up to");
    }

    @Test
    void aGenerationWithoutAConsumerIsNamedOnceForAllItsPartitions() {
        api.execute("UPDATE coverage SET caught_up_at = '2026-02-05T00:59:30Z'");

        assertThat(api.get("/ready").body())
                .contains(
                        "\"late\":{\"generation 20260205005000\":\"no consumer was heard of since 2026-02-05T00:59:30Z\"}");
        assertThat(api.get("/pipeline").body()).contains("No consumer", "Start one");
    }

    @Test
    void whereAllPartitionsAreStoppedTheConsumerIsNotMissed() {
        api.execute("UPDATE coverage SET caught_up_at = NULL, stopped_at = '2026-02-05T00:59:00Z'");

        assertThat(api.get("/ready").body()).contains("ledger-0", "ledger-1").doesNotContain("no consumer");
    }

    @Test
    void whatCannotBeReadMakesNoApiNotReady() {
        api.execute("ALTER TABLE coverage DROP COLUMN stopped_at");

        HttpResponse<String> ready = api.get("/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).contains("\"late\":{\"coverage\":\"cannot be read\"}");
    }
}

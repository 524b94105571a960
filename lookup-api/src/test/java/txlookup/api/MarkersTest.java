package txlookup.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /internal/markers/...}. */
class MarkersTest {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
        api.execute("""
                INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
                VALUES (7, 'test', 'kim', 'g', 'canonical-v1', now(), 'ACTIVE'), (8, 'test', 'kim', 'h', 'canonical-v1', now(), 'ACTIVE');
                INSERT INTO coverage (source_id, generation, kind, name, partition, start_position, next_position, as_of)
                OVERRIDING SYSTEM VALUE
                VALUES (101, 7, 'STREAM', 'ledger', 0, 0, 0, now()), (102, 7, 'STREAM', 'ledger', 1, 0, 0, now()),
                       (103, 8, 'STREAM', 'ledger', 0, 0, 0, now());
                INSERT INTO canary (source_id, run, sequence, markers)
                VALUES (102, 'run-1', 5, 4), (101, 'run-1', 3, 3), (103, 'run-1', 9, 9), (101, 'run-2', 1, 1)""");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aRunsMarkersOfOneGenerationAreToldForEachPartition() {
        HttpResponse<String> told = api.get("/internal/markers/7/run-1");

        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(told.body())
                .isEqualTo(
                        "{\"partitions\":[{\"topic\":\"ledger\",\"partition\":0,\"sequence\":3,\"markers\":3},{\"topic\":\"ledger\",\"partition\":1,\"sequence\":5,\"markers\":4}]}");
    }

    @Test
    void anUnknownRunHasNoMarkers() {
        assertThat(api.get("/internal/markers/7/run-3").body()).isEqualTo("{\"partitions\":[]}");
    }

    @Test
    void aGenerationIsANumber() {
        assertThat(api.get("/internal/markers/seven/run-1").statusCode()).isEqualTo(400);
    }

    @Test
    void markersAreNoLookupAndLeaveNoAuditRow() throws Exception {
        api.get("/internal/markers/7/run-1");
        api.get("/admin/tx/asked-later");

        try (Connection connection = api.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT string_agg(action, ',') FROM bo.audit")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("LOOKUP_TX");
        }
    }

    @Test
    void whoMayNotLookUpMayNotAskForMarkersEither() {
        try (TokenIssuer issuer = TokenIssuer.start();
                RunningApi guarded =
                        RunningApi.start(settings -> Changed.authentication(settings, "cloud-test", issuer.oidc()))) {
            assertThat(guarded.get("/internal/markers/7/run-1").statusCode()).isEqualTo(401);
        }
    }
}

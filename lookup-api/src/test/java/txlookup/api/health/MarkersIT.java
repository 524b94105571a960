package txlookup.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.auth.TokenIssuer;

/** {@code /internal/markers/...}. */
class MarkersIT {
    private static final long OTHER = 20260205060000L;
    private static final String OF_IT = "/internal/markers/" + RunningApi.GENERATION;

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
        RunningApi.migrate(api.database(), OTHER);
        RunningApi.register(api.database(), OTHER);
        api.execute("""
                INSERT INTO coverage (source_id, kind, name, partition, start_position, next_position, as_of)
                OVERRIDING SYSTEM VALUE
                VALUES (101, 'STREAM', 'ledger', 0, 0, 0, now()), (102, 'STREAM', 'ledger', 1, 0, 0, now());
                INSERT INTO canary (source_id, run, sequence, markers)
                VALUES (102, 'run-1', 5, 4), (101, 'run-1', 3, 3), (101, 'run-2', 1, 1);
                SET search_path = g%d;
                INSERT INTO coverage (source_id, kind, name, partition, start_position, next_position, as_of)
                OVERRIDING SYSTEM VALUE VALUES (103, 'STREAM', 'ledger', 0, 0, 0, now());
                INSERT INTO canary (source_id, run, sequence, markers) VALUES (103, 'run-1', 9, 9)""".formatted(OTHER));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aRunsMarkersOfOneGenerationAreToldForEachPartition() {
        HttpResponse<String> told = api.get(OF_IT + "/run-1");

        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(told.body())
                .isEqualTo(
                        "{\"partitions\":[{\"topic\":\"ledger\",\"partition\":0,\"sequence\":3,\"markers\":3},{\"topic\":\"ledger\",\"partition\":1,\"sequence\":5,\"markers\":4}]}");
    }

    @Test
    void theMarkersOfAGenerationThatDoesNotServeAreToldToo() {
        Eventually.within(Duration.ofSeconds(5), "the generation is known", () -> api.get(
                        "/internal/markers/" + OTHER + "/run-1")
                .body()
                .equals("{\"partitions\":[{\"topic\":\"ledger\",\"partition\":0,\"sequence\":9,\"markers\":9}]}"));
        assertThat(api.get("/internal/markers/20260205070000/run-1").body()).isEqualTo("{\"partitions\":[]}");
    }

    @Test
    void anUnknownRunHasNoMarkers() {
        assertThat(api.get(OF_IT + "/run-3").body()).isEqualTo("{\"partitions\":[]}");
    }

    @Test
    void aGenerationIsANumber() {
        assertThat(api.get("/internal/markers/seven/run-1").statusCode()).isEqualTo(400);
    }

    @Test
    void markersAreNoLookupAndLeaveNoAuditRow() throws Exception {
        api.get(OF_IT + "/run-1");
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
            assertThat(guarded.get(OF_IT + "/run-1").statusCode()).isEqualTo(401);
        }
    }
}

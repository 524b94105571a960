package txlookup.api.health;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.testing.SharedPostgres;

/** {@code /health}, {@code /ready}, {@code /metrics}. */
class ProbeIT {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aRunningProcessIsAlive() {
        assertThat(api.get("/health").statusCode()).isEqualTo(200);
        assertThat(api.get("/health").body()).isEqualTo("{\"status\":\"alive\"}");
    }

    @Test
    void aMigratedStoreIsReady() {
        HttpResponse<String> ready = api.get("/ready");

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).isEqualTo("{\"status\":\"ready\",\"not_ready\":{}}");
    }

    @Test
    void aStoreWithoutItsSchemaIsNotReadyUntilItIsMigrated() {
        try (RunningApi empty = RunningApi.start(SharedPostgres.newDatabase(), settings -> settings)) {
            HttpResponse<String> ready = empty.get("/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(RunningApi.json(ready).at("/not_ready/schema").asString())
                    .contains("migrate");

            RunningApi.migrate(empty.database());
            awaitReady(empty);
        }
    }

    @Test
    void aStoreWhereAuditRowsCannotBeInsertedIsNotReady() {
        try (RunningApi unprivileged = RunningApi.start()) {
            unprivileged.execute("CREATE ROLE lookup_only LOGIN PASSWORD 'p'");
            unprivileged.execute("GRANT USAGE ON SCHEMA bo TO lookup_only");
            unprivileged.execute("GRANT SELECT ON ALL TABLES IN SCHEMA bo TO lookup_only");
            unprivileged.execute("GRANT INSERT, UPDATE, DELETE ON bo.process TO lookup_only");
            unprivileged.execute("GRANT USAGE ON SCHEMA g%d TO lookup_only".formatted(RunningApi.GENERATION));
            unprivileged.execute(
                    "GRANT SELECT ON ALL TABLES IN SCHEMA g%d TO lookup_only".formatted(RunningApi.GENERATION));
            try (RunningApi lookupOnly = RunningApi.start(
                    unprivileged.database(),
                    settings -> Changed.database(
                            settings,
                            LookupApiSettings.Database.at(
                                    settings.database().jdbcUrl(), "lookup_only", Optional.of("p"))))) {
                assertThat(lookupOnly.get("/ready").statusCode()).isEqualTo(503);
                assertThat(lookupOnly.json("/ready").at("/not_ready/audit").asString())
                        .contains("cannot be inserted");
                assertThat(lookupOnly.get("/admin/tx/T").statusCode()).isEqualTo(503);

                unprivileged.execute("GRANT INSERT ON bo.audit TO lookup_only");
                assertThat(lookupOnly.get("/ready").statusCode()).isEqualTo(503);
                unprivileged.execute("GRANT UPDATE (last_sequence, head_hash) ON bo.audit_chain TO lookup_only");
                unprivileged.execute("GRANT EXECUTE ON FUNCTION bo.start_audit_chain(text) TO lookup_only");
                awaitReady(lookupOnly);
                assertThat(lookupOnly.get("/admin/tx/T").statusCode()).isEqualTo(404);
            }
        }
    }

    /** The store is asked twice a second at most. */
    private static void awaitReady(RunningApi api) {
        Eventually.within(
                Duration.ofSeconds(10), "ready", () -> api.get("/ready").statusCode() == 200);
    }

    @Test
    void theLatencyOfEachRouteIsMeasuredByStatusInBucketsAroundTheObjective() {
        api.store(payment("TX-1"));
        api.get("/admin/tx/TX-1");
        api.get("/admin/tx/TX-NONE");
        api.get("/unknown/path");
        String name = "txlookup_api_request_seconds";
        String metrics = metricsWith(
                name + "_count{route=\"/admin/tx/{tx_id}\",status=\"200\"} 1\n",
                name + "_count{route=\"/admin/tx/{tx_id}\",status=\"404\"} 1\n",
                name + "_count{route=\"unmatched\",status=\"404\"} 1\n");

        assertThat(metrics)
                .contains("# TYPE " + name + " histogram")
                .doesNotContain("TX-1", "TX-NONE", "/unknown/path");
        for (String bound : new String[] {"0.1", "0.15", "0.2", "0.25", "+Inf"}) {
            assertThat(metrics)
                    .contains(name + "_bucket{route=\"/admin/tx/{tx_id}\",status=\"200\",le=\"" + bound + "\"} ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hikaricp_connections{pool=\"lookup\"}", "jvm_memory_used_bytes", "txlookup_api_audit_waiting"})
    void theConnectionsTheMemoryAndTheAuditQueueAreMeasured(String meter) {
        assertThat(api.get("/metrics").body()).contains(meter);
    }

    @Test
    void metricsArePrometheusText() {
        assertThat(api.get("/metrics").headers().firstValue("Content-Type").orElseThrow())
                .isEqualToIgnoringCase("text/plain;version=0.0.4;charset=utf-8");
    }

    /** A request is measured just after its answer. */
    private static String metricsWith(String... expected) {
        Eventually.within(Duration.ofSeconds(10), String.join(", ", expected), () -> {
            String metrics = api.get("/metrics").body();
            return Stream.of(expected).allMatch(metrics::contains);
        });
        return api.get("/metrics").body();
    }
}

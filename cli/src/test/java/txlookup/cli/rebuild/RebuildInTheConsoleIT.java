package txlookup.cli.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.position.SourceCounts;
import txlookup.backfill.Manifest;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.rebuild.evidence.Build;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.evidence.EvidenceTable;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.Step;

/** The writers of evidence and the API meet at the schema alone: here, what one writes the other reads. */
class RebuildInTheConsoleIT {
    private static final long GENERATION = 20261121010733L;
    private static final Instant CUTOVER = Instant.parse("2026-11-21T01:07:33Z");

    @TempDir
    private Path folder;

    private record Pinned(String topic, int partition, long startOffset) {}

    @Test
    void whatARebuildLeavesBehindIsWhatTheApiShows() throws Exception {
        EvidenceChain chain = new EvidenceChain(folder);
        chain.append(Long.toString(GENERATION), bundle());
        TestDatabase database = SharedPostgres.newDatabase();
        try (HikariDataSource store = StoreConnections.control(
                database.jdbcUrl(),
                database.user(),
                database.password(),
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10))) {
            Migrations.ofControl(store).toHead();
            assertThat(new EvidenceTable(store).copy(chain)).isEqualTo(1);
        }

        try (LookupApi api = LookupApi.start(settings(database))) {
            assertThat(get(api, "/admin/rebuilds/" + GENERATION))
                    .contains(
                            "\"generation\":20261121010733,\"verdict\":\"NO_GO\",\"cause\":null",
                            "\"t_cutover\":\"2026-11-21T01:07:33Z\"",
                            "\"duration_ms\":90000",
                            "\"consumer_group\":\"bo-sync\"",
                            "\"step\":\"CREATE\",\"started_at\":\"2026-11-21T01:07:33Z\",\"duration_ms\":1500",
                            "\"gate\":\"p95\",\"passed\":true,\"measured\":\"3 ms\",\"wanted\":\"< 200 ms\"",
                            "\"profile\":\"profiles/local.yaml\"",
                            "\"topic\":\"ledger\",\"partition\":1,\"start_offset\":42",
                            "\"name\":\"ledger.ndjson\",\"entity\":\"LEDGER_ENTRY\",\"as_of\":\"2026-11-21T01:07:33Z\",\"sha256\":\"ab\",\"rows\":10,\"applied\":7,\"stale\":1,\"duplicate\":1,\"rejected\":1",
                            "\"java\":\"" + Runtime.version() + "\"",
                            "\"hash\":\"" + chain.head() + "\"");
            assertThat(get(api, "/rebuilds")).contains(Long.toString(GENERATION), "NO_GO");
        }
    }

    private static Bundle.Draft bundle() {
        return new Bundle.Draft("rebuild", Long.toString(GENERATION), "NO_GO")
                .add("inputs", Map.of("profile", "profiles/local.yaml"))
                .add("build", Build.ofThisProcess(Map.of()))
                .add(
                        "generation",
                        Map.of(
                                "generation",
                                GENERATION,
                                "cutover",
                                CUTOVER,
                                "consumerGroup",
                                "bo-sync",
                                "started",
                                CUTOVER,
                                "ended",
                                CUTOVER.plusSeconds(90)))
                .add("step", new Evidence.StepRecord(Step.CREATE, CUTOVER, Duration.ofMillis(1500), "created"))
                .add("anchor", new Pinned("ledger", 1, 42))
                .add(
                        "manifest",
                        new Manifest(
                                GENERATION,
                                CUTOVER,
                                List.of(new Manifest.Line(
                                        "ledger.ndjson",
                                        Entity.LEDGER_ENTRY,
                                        CUTOVER,
                                        "ab",
                                        new SourceCounts(10, 7, 1, 1, 1, 100))),
                                Duration.ofSeconds(2)))
                .add("gate", new GateResult("p95", true, "3 ms", "< 200 ms"));
    }

    private static LookupApiSettings settings(TestDatabase database) {
        return new LookupApiSettings(
                "local",
                LookupApiSettings.Http.on("127.0.0.1", 0),
                LookupApiSettings.Database.at(database.jdbcUrl(), database.user(), Optional.of(database.password())),
                new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.empty());
    }

    private static String get(LookupApi api, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                .header("X-Actor-Roles", "ADMIN_READ")
                .header("X-Actor-Id", "kim")
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}

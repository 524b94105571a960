package txlookup.rebuild.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.Handover;
import txlookup.rebuild.steps.Step;
import txlookup.rebuild.steps.StepFailure;

class EvidenceTest {
    private static final Instant CUTOVER = Instant.parse("2026-11-21T01:07:33Z");
    private static final Evidence.StepRecord CREATED =
            new Evidence.StepRecord(Step.CREATE, CUTOVER, Duration.ofMillis(2500), "two servers");
    private static final GateResult FAST = new GateResult("API p95", true, "3 ms", "< 200 ms");
    private static final GateResult STALE = new GateResult("freshness p95", false, "9 s", "< 5 s");

    @TempDir
    Path folder;

    @Test
    void aGoListsItsStepsAndGates() throws Exception {
        Evidence evidence = evidence(Decision.go(List.of(FAST)));

        evidence.write(folder);

        assertThat(markdown())
                .startsWith("# GO: generation 20261121010733\n")
                .contains("T_cutover 2026-11-21T01:07:33Z, group `group-v1`, 90.0 s")
                .contains("| 1 create the resources | 2.5 | two servers |")
                .contains("| API p95 | pass | 3 ms | < 200 ms |")
                .doesNotContain("Owner");
        JsonNode json = json(evidence);
        assertThat(json.at("/decision/go").asBoolean()).isTrue();
        assertThat(json.at("/cutover").asString()).isEqualTo("2026-11-21T01:07:33Z");
        assertThat(json.at("/steps/0/step").asString()).isEqualTo("CREATE");
        assertThat(json.at("/decision/gates/0/measured").asString()).isEqualTo("3 ms");
    }

    @Test
    void aNoGoNamesCauseOwnerTimeAndWhatUnblocks() throws Exception {
        StepFailure failure = new StepFailure(FailureCause.SLO_FAILED, "saw 9 s, wanted < 5 s", "free the disk", null);
        Evidence evidence =
                evidence(Decision.noGo(List.of(FAST, STALE), failure, "somebody", CUTOVER.plusSeconds(600)));

        evidence.write(folder);

        assertThat(markdown())
                .startsWith("# NO_GO: generation 20261121010733\n")
                .contains("| freshness p95 | FAIL | 9 s | < 5 s |")
                .contains("**SLO_FAILED** (the service's quality): saw 9 s, wanted < 5 s")
                .contains("Owner somebody; again after 2026-11-21T01:17:33Z, once this is done: free the disk.");
        JsonNode decision = json(evidence).path("decision");
        assertThat(decision.path("go").asBoolean()).isFalse();
        assertThat(decision.path("cause").asString()).isEqualTo("SLO_FAILED");
        assertThat(decision.path("reason").asString()).isEqualTo("saw 9 s, wanted < 5 s");
        assertThat(decision.path("owner").asString()).isEqualTo("somebody");
        assertThat(decision.path("retryAfter").asString()).isEqualTo("2026-11-21T01:17:33Z");
        assertThat(decision.path("unblock").asString()).isEqualTo("free the disk");
    }

    @Test
    void theJsonHoldsAllThatTheEvidenceDoes() throws Exception {
        StepFailure failure = new StepFailure(FailureCause.SYNC_FAILED, "seen", "do", null);
        Evidence evidence = evidence(Decision.noGo(List.of(STALE), failure, "somebody", CUTOVER));

        evidence.write(folder);

        assertThat(JsonMapper.builder()
                        .build()
                        .readValue(Files.readAllBytes(evidence.folder(folder).resolve("rebuild.json")), Evidence.class))
                .isEqualTo(evidence);
    }

    private static Evidence evidence(Decision decision) {
        return new Evidence(
                20261121010733L,
                CUTOVER,
                "group-v1",
                CUTOVER,
                CUTOVER.plusSeconds(90),
                List.of(CREATED),
                null,
                decision,
                decision.go() ? new Handover.Result(false, "it was never compared") : null,
                new Build("1.2.3", "0123456789abcdef", "17", "Linux amd64"));
    }

    private String markdown() throws Exception {
        return Files.readString(folder.resolve("20261121010733/rebuild.md"));
    }

    private JsonNode json(Evidence evidence) throws Exception {
        return JsonMapper.builder()
                .build()
                .readTree(Files.readAllBytes(evidence.folder(folder).resolve("rebuild.json")));
    }
}

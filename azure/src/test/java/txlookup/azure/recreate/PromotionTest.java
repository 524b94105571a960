package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.EvidenceChain;

/** Stage B only from evidence that is GO, whole, fresh and of the same build; each refusal has a name. */
class PromotionTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final String GENERATION = "20261121010733";
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @Test
    void aRebuildThatWasGoAnHourAgoOfTheSameImageIsPromoted() throws Exception {
        assertThat(refusals(evidence())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/decision/go|false|NOT_GO",
                "/decision/verdict|\"NO_GO\"|NOT_GO",
                "/generation/ended|\"2026-11-20T11:59:00Z\"|TOO_OLD",
                "/generation/ended|\"2026-11-21T13:00:00Z\"|FROM_THE_FUTURE",
                "/generation/ended|\"yesterday\"|AGE_UNKNOWN",
                "/generation/ended|null|AGE_UNKNOWN",
                "/step|[]|STEPS_MISSING",
                "/gate|[]|GATES_MISSING",
                "/gate|[{\"gate\":\"smoke hit\",\"passed\":false}]|GATE_FAILED",
                "/gate|[{\"gate\":\"SLO api-errors-client\",\"passed\":true}]|GATES_MISSING",
                "/inputs/stage|\"LOCAL\"|OTHER_STAGE",
                "/inputs/stage|\"CLOUD_SECURE\"|OTHER_STAGE",
                "/act|\"destroy\"|NO_REBUILD",
                "/build/gitSha|\"ffffffffff\"|OTHER_BUILD"
            })
    void whateverIsMissingOrOtherIsRefusedByName(String pointer, String value, String refusal) throws Exception {
        ObjectNode evidence = evidence();
        int slash = pointer.lastIndexOf('/');
        ObjectNode parent = slash == 0 ? evidence : (ObjectNode) evidence.at(pointer.substring(0, slash));
        parent.set(pointer.substring(slash + 1), JSON.readTree(value));
        assertThat(refusals(evidence)).anyMatch(text -> text.startsWith(refusal + ":"));
    }

    @Test
    void anotherImageIsRefused() throws Exception {
        String other = "sha256:" + "cd".repeat(32);
        Path file = write(evidence());
        assertThat(Promotion.read(file).refusals(NOW, Duration.ofHours(24), other, ""))
                .containsExactly("OTHER_IMAGE: it is not of image " + other);
    }

    @Test
    void noEvidenceAndWhatIsNoBundleAreRefusedBeforeAnythingElse() throws Exception {
        assertThatThrownBy(() -> Promotion.read(folder.resolve("none"))).hasMessageContaining("there is no evidence");
        Files.createDirectories(folder.resolve("none"));
        Files.writeString(folder.resolve("none/bundle.json"), "GO");
        assertThatThrownBy(() -> Promotion.read(folder.resolve("none"))).hasMessageContaining("is not a bundle");
    }

    @Test
    void evidenceThatWasChangedAfterwardsIsRefusedAlsoWhereItSaysGo() throws Exception {
        ObjectNode noGo = evidence();
        noGo.withObject("/decision").put("go", false).put("reason", "too slow");
        Path bundle = write(noGo).resolve("bundle.json");
        Files.writeString(bundle, Files.readString(bundle).replace("\"go\" : false", "\"go\" : true"));
        assertThat(refusals(bundle)).isNotEmpty().allMatch(text -> text.startsWith("CHAIN_BROKEN:"));
    }

    @Test
    void evidenceThatIsInNoLineOfTheRegisterIsRefused() throws Exception {
        Path bundle = write(evidence());
        Files.delete(folder.resolve("chain.txt"));
        assertThat(refusals(bundle)).anyMatch(text -> text.startsWith("CHAIN_BROKEN:"));
    }

    @Test
    void aLaterNoGoOfTheSameGenerationOverrulesIt() throws Exception {
        Path bundle = write(evidence());
        new EvidenceChain(folder)
                .append(
                        "later",
                        new Bundle.Draft("slo-gate", GENERATION, "FAIL").add("decision", Map.of("exitCode", 1)));
        assertThat(refusals(bundle))
                .containsExactly("OVERRULED: later evidence of the same generation, later says FAIL");
    }

    private List<String> refusals(ObjectNode evidence) throws Exception {
        return refusals(write(evidence));
    }

    private static List<String> refusals(Path bundle) throws Exception {
        return Promotion.read(bundle).refusals(NOW, Duration.ofHours(24), DIGEST, "0123456789");
    }

    /** As a rebuild leaves it: in the chain, an entry each. */
    private Path write(ObjectNode evidence) throws Exception {
        Bundle.Draft draft = new Bundle.Draft(evidence.path("act").asString(), GENERATION, "GO");
        evidence.properties().forEach(part -> {
            if (part.getValue().isArray()) {
                part.getValue().forEach(one -> draft.add(part.getKey(), one));
            } else if (part.getValue().isObject()) {
                draft.add(part.getKey(), part.getValue());
            }
        });
        return new EvidenceChain(folder).append(GENERATION, draft).getParent();
    }

    private static ObjectNode evidence() {
        ObjectNode evidence = JSON.createObjectNode().put("act", "rebuild");
        evidence.putObject("inputs").put("stage", "CLOUD_TEST");
        evidence.putObject("generation")
                .put("generation", Long.parseLong(GENERATION))
                .put("ended", "2026-11-21T11:00:00Z");
        for (String step : List.of("CREATE", "SECRETS", "MIGRATE", "BACKFILL", "CONSUME", "SMOKE", "MONITOR")) {
            evidence.withArray("/step").addObject().put("step", step).put("detail", "3 secrets; image " + DIGEST);
        }
        for (String gate : List.of(
                "smoke hit",
                "smoke miss",
                "SLO api-latency /admin/tx/{tx_id}",
                "SLO api-errors",
                "SLO freshness-events ledger.entry.upserted",
                "SLO dead-letters")) {
            evidence.withArray("/gate").addObject().put("gate", gate).put("passed", true);
        }
        evidence.putObject("decision").put("go", true);
        evidence.putObject("build").put("gitSha", "0123456789abcdef");
        return evidence;
    }
}

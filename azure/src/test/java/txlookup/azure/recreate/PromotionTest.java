package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Stage B only from evidence that is GO, whole, fresh and of the same build; each refusal has a name. */
class PromotionTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
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
                "/ended|\"2026-11-20T11:59:00Z\"|TOO_OLD",
                "/ended|\"2026-11-21T13:00:00Z\"|FROM_THE_FUTURE",
                "/ended|\"yesterday\"|AGE_UNKNOWN",
                "/ended|null|AGE_UNKNOWN",
                "/steps|[]|STEPS_MISSING",
                "/decision/gates|[]|GATES_MISSING",
                "/decision/gates|[{\"gate\":\"smoke hit\",\"passed\":false}]|GATE_FAILED",
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
    void noEvidenceAndWhatIsNoJsonAreRefusedBeforeAnythingElse() throws Exception {
        assertThatThrownBy(() -> Promotion.read(folder)).hasMessageContaining("there is no evidence");
        Files.writeString(folder.resolve("rebuild.json"), "GO");
        assertThatThrownBy(() -> Promotion.read(folder)).hasMessageContaining("is no evidence");
    }

    private List<String> refusals(ObjectNode evidence) throws Exception {
        return Promotion.read(write(evidence)).refusals(NOW, Duration.ofHours(24), DIGEST, "0123456789");
    }

    private Path write(ObjectNode evidence) throws Exception {
        return Files.writeString(folder.resolve("rebuild.json"), evidence.toString());
    }

    private static ObjectNode evidence() {
        ObjectNode evidence =
                JSON.createObjectNode().put("generation", 20261121010733L).put("ended", "2026-11-21T11:00:00Z");
        for (String step : List.of("CREATE", "SECRETS", "MIGRATE", "BACKFILL", "CONSUME", "SMOKE", "MONITOR")) {
            evidence.withArray("/steps").addObject().put("step", step).put("detail", "3 secrets; image " + DIGEST);
        }
        evidence.putObject("decision")
                .put("go", true)
                .putArray("gates")
                .addObject()
                .put("gate", "smoke hit")
                .put("passed", true);
        evidence.putObject("build").put("gitSha", "0123456789abcdef");
        return evidence;
    }
}

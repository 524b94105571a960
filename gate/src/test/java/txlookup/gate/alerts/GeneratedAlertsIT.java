package txlookup.gate.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import txlookup.gate.model.SloFile;

class GeneratedAlertsIT {
    private static final Path COMMITTED = Path.of("..", "alerts");
    private static final Path SCHEMAS =
            Path.of("..").toAbsolutePath().normalize().resolveSibling("shared/schemas");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final GeneratedAlerts alerts = new GeneratedAlerts(SloFile.shipped());

    @TempDir
    private Path folder;

    @Test
    void theCommittedFilesAreWhatTheObjectivesGive() throws Exception {
        assertThat(alerts.differences(COMMITTED))
                .as("write them again: txlookup alerts --write alerts")
                .isEmpty();
    }

    @Test
    void anEditedAMissingAndASuperfluousFileAreDifferences() throws Exception {
        alerts.write(folder);
        assertThat(alerts.differences(folder)).isEmpty();
        Files.writeString(folder.resolve("prometheus/rules.yaml"), "groups: []\n");
        Files.delete(folder.resolve("grafana/dashboard.json"));
        Files.writeString(folder.resolve("grafana/by-hand.json"), "{}");

        assertThat(alerts.differences(folder))
                .containsExactly(
                        "grafana/by-hand.json is not generated",
                        "grafana/dashboard.json is missing",
                        "prometheus/rules.yaml differs");
    }

    @Test
    void promtoolAcceptsTheRules() throws Exception {
        assertThat(promtool("check", "rules", "--lint-fatal", "rules.yaml")).contains("SUCCESS");
    }

    @Test
    @Tag("nightly")
    void promtoolSeesEveryAlertFireAndEnd() throws Exception {
        assertThat(promtool("test", "rules", "rules-test.yaml")).contains("SUCCESS");
    }

    @Test
    void everyRuleIsTestedInItsBreachAndAfterIt() {
        JsonNode rules = yaml("prometheus/rules.yaml");
        JsonNode tests = yaml("prometheus/rules-test.yaml");
        List<String> names = Stream.of("alert", "record")
                .flatMap(kind -> rules.findValuesAsString(kind).stream())
                .toList();

        assertThat(names).hasSizeGreaterThan(30);
        assertThat(tests.findValuesAsString("alertname").stream().distinct())
                .containsExactlyInAnyOrderElementsOf(rules.findValuesAsString("alert"));
        assertThat(tests.findValuesAsString("alertname"))
                .hasSize(2 * rules.findValuesAsString("alert").size());
        assertThat(tests.findValuesAsString("expr").stream().distinct())
                .containsExactlyInAnyOrderElementsOf(rules.findValuesAsString("record"));
    }

    @Test
    void everyMetricThatTheySpeakOfIsInTheCatalogue() throws Exception {
        String catalogue = Files.readString(Path.of("..", "docs", "metrics.md"));

        assertThat(MetricNames.in(alerts)).isNotEmpty().allSatisfy(name -> assertThat(catalogue)
                .contains("| `" + name.replaceAll("_(bucket|count|sum)$", "") + "` |"));
    }

    @Test
    void theRulesAreValidByTheirSchema() {
        assumeSchemas();
        assertValid("prometheus.rules.json", JSON.writeValueAsString(yaml("prometheus/rules.yaml")));
    }

    private static void assumeSchemas() {
        if (!Files.exists(SCHEMAS)) {
            System.out.printf("NOT CHECKED: there is no %s to hold alerts against%n", SCHEMAS);
        }
        assumeThat(SCHEMAS).exists();
    }

    private static void assertValid(String schema, String text) {
        Schema rules = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(read(schema), InputFormat.JSON);
        assertThat(rules.validate(text, InputFormat.JSON)).isEmpty();
    }

    private JsonNode yaml(String file) {
        return YAMLMapper.builder().build().readTree(alerts.files().get(file));
    }

    private JsonNode json(String file) {
        return JSON.readTree(alerts.files().get(file));
    }

    private static String read(String schema) {
        try {
            return Files.readString(SCHEMAS.resolve(schema));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean promtoolIsHere() throws InterruptedException {
        try {
            return new ProcessBuilder("promtool", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private String promtool(String... arguments) throws Exception {
        assumeTrue(promtoolIsHere() || System.getenv("CI") != null, "promtool is not installed (Debian: prometheus)");
        alerts.write(folder);
        List<String> command =
                Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command)
                .directory(folder.resolve("prometheus").toFile())
                .redirectErrorStream(true)
                .start();
        String output = process.inputReader().lines().collect(Collectors.joining("\n"));
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}

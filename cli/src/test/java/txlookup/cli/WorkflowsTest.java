package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The workflows are what GitHub takes, and call what this project has. */
class WorkflowsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SCHEMA = ROOT.resolveSibling("shared/schemas/github-workflow.json");
    private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40}");
    private static final Pattern COMMAND = Pattern.compile("\\./txlookup ([a-z-]+)");
    private static final Pattern SCRIPT = Pattern.compile("(?<![\\w./-])((?:\\.ci|azure)/[\\w-]+(?:\\.sh)?)");
    private static final Pattern PASSED_INTO_A_SHELL = Pattern.compile("\\$\\{\\{");

    static Stream<Path> workflows() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(".github/workflows"))) {
            return files.sorted().toList().stream();
        }
    }

    @Test
    void thereIsOneForEachWayToProduction() throws IOException {
        assertThat(workflows().map(file -> file.getFileName().toString()))
                .containsExactly(
                        "deploy.yml",
                        "image.yml",
                        "nightly.yml",
                        "promote.yml",
                        "pull-request.yml",
                        "rollback.yml",
                        "sweep.yml");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void eachHoldsByGitHubsSchema(Path workflow) throws IOException {
        if (!Files.exists(SCHEMA)) {
            System.out.printf("NOT CHECKED: there is no %s to hold %s against%n", SCHEMA, workflow.getFileName());
        }
        assumeThat(SCHEMA).exists();
        Schema schema = schema();

        assertThat(schema.validate(read(workflow)).stream().map(Error::toString))
                .isEmpty();
        assertThat(schema.validate(
                        JsonMapper.builder().build().readTree("{\"on\": \"push\", \"jobs\": {\"one\": {}}}")))
                .as("a job without steps does not hold")
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void eachActionIsPinnedByItsCommit(Path workflow) throws IOException {
        List<String> actions = read(workflow).findValuesAsString("uses");

        assertThat(actions).isNotEmpty().allMatch(action -> PINNED.matcher(action)
                .matches());
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void eachCommandAndScriptIsThere(Path workflow) throws IOException {
        List<String> lines = read(workflow).findValuesAsString("run");
        List<String> commands = found(COMMAND, lines);

        assertThat(Main.commandLine().getSubcommands().keySet()).containsAll(commands);
        assertThat(found(SCRIPT, lines)).allMatch(script -> Files.isExecutable(ROOT.resolve(script)));
        assertThat(lines)
                .as("steps that are this project's own")
                .anyMatch(line -> line.contains("txlookup") || line.contains(".ci/"));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void noInputIsPutIntoAShellAsText(Path workflow) throws IOException {
        assertThat(found(PASSED_INTO_A_SHELL, read(workflow).findValuesAsString("run")))
                .as("inputs go through env:, where a shell does not run them")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void eachSaysWhatItMayDoAndWhenItIsTooLate(Path workflow) throws IOException {
        JsonNode document = read(workflow);

        assertThat(document.at("/permissions/contents").asString()).isEqualTo("read");
        for (JsonNode job : document.get("jobs")) {
            assertThat(job.path("timeout-minutes").asInt()).isPositive();
        }
    }

    private static List<String> found(Pattern pattern, List<String> lines) {
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = pattern.matcher(line);
            while (matcher.find()) {
                found.add(matcher.group(matcher.groupCount()));
            }
        }
        return found;
    }

    private static JsonNode read(Path workflow) throws IOException {
        return YAMLMapper.builder().build().readTree(Files.readString(workflow));
    }

    private static Schema schema() throws IOException {
        return SchemaRegistry.withDialect(Dialects.getDraft7()).getSchema(Files.readString(SCHEMA), InputFormat.JSON);
    }
}

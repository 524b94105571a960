package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;
import txlookup.profiles.naming.Naming;

/**
 * Each step that a workflow runs, in a shell of its own with exactly the variables that the workflow gives it: this program
 * for {@code ./txlookup}, a fake Azure behind it, and for every other program one that refuses arguments it does not know.
 */
@Tag("nightly")
@Timeout(300)
class WorkflowStepsIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ *([a-z_.A-Z-]+) *}}");
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final String SHA = "0123456789abcdef0123456789abcdef01234567";
    private static final Map<String, String> GIVEN = Map.ofEntries(
            Map.entry("github.sha", SHA),
            Map.entry("github.token", "ghs_of-a-test"),
            Map.entry("github.actor", "kim"),
            Map.entry("github.repository", "Team4/TxLookup"),
            Map.entry("inputs.owner", "kim"),
            Map.entry("inputs.env", "dev"),
            Map.entry("inputs.ttl", "2099-12-31"),
            Map.entry("inputs.stage", "cloud-test"),
            Map.entry("inputs.reason", "of a test"),
            Map.entry("inputs.evidence-run", "17"),
            Map.entry("inputs.image", "ghcr.io/team4/txlookup@" + DIGEST),
            Map.entry("vars.ENVIRONMENTS", "kim/dev lee/test"),
            Map.entry("vars.AZURE_SUBSCRIPTION_ID", FakeAzure.SUBSCRIPTION),
            Map.entry("vars.AUDIT_EXPORT_TO", ""),
            Map.entry("vars.DISCARD_AUDIT", ""),
            Map.entry("vars.AUTH_ISSUER", "https://login.example/v2.0"),
            Map.entry("vars.AUTH_AUDIENCE", "api://txlookup"),
            Map.entry("vars.SOURCE_URL", "jdbc:postgresql://127.0.0.1:1/core"),
            Map.entry("vars.SOURCE_USER", "reader"),
            Map.entry("vars.SOURCE_SETTLING", "30s"),
            Map.entry("secrets.DATABASE_PASSWORD", "Of-a-test-0"),
            Map.entry("secrets.CURSOR_SECRET", "of-a-test-cursor-0123456789abcdef"),
            Map.entry("secrets.SOURCE_PASSWORD", "of-a-test-source"),
            Map.entry("secrets.GITHUB_TOKEN", "ghs_of-a-test"));

    @TempDir
    private Path folder;

    private final Map<String, String> given = new HashMap<>(GIVEN);
    private Path work;
    private FakeAzure azure;

    private record Ran(int exit, String output) {}

    @BeforeEach
    void checkOut() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
        work = Files.createDirectory(folder.resolve("work"));
        for (String part : List.of(".ci", "azure/recreate.sh", "azure/destroy.sh", "profiles")) {
            Path to = work.resolve(part);
            Files.createDirectories(to.getParent());
            run(ROOT, Map.of(), "cp", "-r", ROOT.resolve(part).toString(), to.toString());
        }
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 3));
        script(work.resolve("txlookup"), """
                #!/bin/bash
                arm=()
                case "${1-} ${2-}" in "env destroy" | "env --help") ;; "env "*) arm=(--arm %s) ;; esac
                exec %s -Xmx256m -Dtxlookup.terminal=false -cp '%s' txlookup.cli.Main "${@:1:2}" "${arm[@]}" "${@:3}"
                """.formatted(
                        azure.endpoint(),
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        script(bin.resolve("curl"), """
                #!/bin/bash
                [[ "$*" == "-fsS https://api.ipify.org" ]] && echo 203.0.113.9
                """);
        script(bin.resolve("gh"), """
                #!/bin/bash
                [[ "$1 $2 $4 $5" == "attestation verify --repo Team4/TxLookup" && -n "$GH_TOKEN" ]] || { echo "gh: $*"; exit 2; }
                [[ $# == 5 || ( $# == 7 && $6 == --signer-workflow && $7 == Team4/TxLookup/.github/workflows/*.yml ) ]] || exit 2
                [[ $3 == oci://ghcr.io/team4/txlookup@sha256:* || -f $3 ]] || exit 2
                """);
        script(bin.resolve("skopeo"), """
                #!/bin/bash
                case "$1" in
                  login) [[ "$*" == "login --username kim --password-stdin ghcr.io" && "$(cat)" == ghs_of-a-test ]] ;;
                  copy) [[ "$*" == "copy --preserve-digests --digestfile digest.txt oci-archive:cli/target/txlookup-image.tar docker://ghcr.io/team4/txlookup:%s" ]] \
                    && printf %s > digest.txt ;;
                  *) false ;;
                esac || { echo "skopeo: $*"; exit 2; }
                """.formatted(SHA, DIGEST));
        script(bin.resolve("mvn"), """
                #!/bin/bash
                [[ "$*" == "-B -Pimage -DskipTests -Dimage.revision=%s -pl cli -am package" ]] || { echo "mvn: $*"; exit 2; }
                """.formatted(SHA));
    }

    @AfterEach
    void stop() {
        if (azure != null) {
            azure.close();
        }
    }

    @Test
    void deployReachesTheResourceManagerWithAllThatARebuildNeeds() throws Exception {
        azure.interfere((number, method, path) -> method.equals("GET")
                ? Optional.empty()
                : Optional.of(FakeAnswer.error(403, "AuthorizationFailed", "not here")));
        List<Ran> steps = steps("deploy.yml", "recreate");
        Ran recreate = steps.get(3);
        assertThat(steps.subList(0, 3))
                .allSatisfy(ran -> assertThat(ran.exit()).as(ran.output()).isZero());
        assertThat(recreate.output()).contains("kim/dev, stage cloud-test", "AuthorizationFailed");
        assertThat(azure.requests())
                .as("what the resource manager was asked: " + recreate.output())
                .anyMatch(request -> request.startsWith("PUT ") && request.contains("team4-txlookup-rgkept-kim-dev"));
        assertThat(work.resolve("evidence.tar.gz")).exists();
        assertThat(steps.get(4).output()).as("evidence verify").doesNotContain("Unknown");
    }

    @Test
    void theImageIsPushedAsItWasScannedAndItsDigestHandedOn() throws Exception {
        List<Ran> steps = steps("image.yml", "image");
        assertThat(steps)
                .allSatisfy(ran -> assertThat(ran.exit()).as(ran.output()).isZero());
        assertThat(steps.get(1).output()).contains("image=ghcr.io/team4/txlookup@" + DIGEST);
    }

    @Test
    void promotionTakesAttestedEvidenceAndRefusesWhatIsNoGo() throws Exception {
        Path evidence = Files.createDirectories(folder.resolve("a/evidence/20261121010733"));
        Files.writeString(evidence.resolve("bundle.json"), "{}");
        run(folder, Map.of(), "tar", "-czf", work.resolve("evidence.tar.gz").toString(), "-C", "a", "evidence");
        List<Ran> steps = steps("promote.yml", "promote");
        assertThat(steps.get(0).exit()).as(steps.get(0).output()).isZero();
        assertThat(steps.get(0).output()).contains("folder=promoted/evidence/20261121010733");
        assertThat(steps.get(1).exit()).isNotZero();
        assertThat(steps.get(1).output())
                .as("of the evidence, and of nothing that the workflow gives")
                .contains("evidence")
                .doesNotContain("Unknown option", "Missing", "stands for no property");
        assertThat(azure.requests()).isEmpty();
    }

    @Test
    void theSweepLosesNoAuditThatNobodyDiscards() throws Exception {
        Naming due = new Naming("team4", "txlookup", "tx", "kim", "dev", "d", Optional.empty());
        azure.arrange(world -> world.environment(due, "2020-01-01"));
        List<String> before = azure.ids();
        assertThat(steps("sweep.yml", "sweep")).singleElement().satisfies(ran -> {
            assertThat(ran.exit()).isNotZero();
            assertThat(ran.output())
                    .contains("2020-01-01", "due")
                    .contains("\nNothing was destroyed: AUDIT_EXPORT_TO names no place for the audit.");
        });
        assertThat(azure.ids()).isEqualTo(before);
    }

    @Test
    void theSweepDestroysByPlanWhatIsPastItsTtlAndNothingElse() throws Exception {
        given.put("vars.DISCARD_AUDIT", "true");
        Naming due = new Naming("team4", "txlookup", "tx", "kim", "dev", "d", Optional.empty());
        Naming ahead = new Naming("team4", "txlookup", "tx", "lee", "test", "t", Optional.empty());
        azure.arrange(world -> world.environment(due, "2020-01-01")
                .environment(ahead, "2099-12-31")
                .neighbours(due));
        long before = azure.ids().size();
        List<Ran> steps = steps("sweep.yml", "sweep");
        assertThat(steps)
                .singleElement()
                .satisfies(ran -> assertThat(ran.exit()).as(ran.output()).isZero());
        assertThat(azure.ids())
                .hasSizeLessThan((int) before)
                .noneMatch(id -> id.contains("-kim-dev"))
                .anyMatch(id -> id.contains("-lee-test"))
                .anyMatch(id -> id.contains("-kim0-dev"));
        assertThat(steps.get(0).output()).contains("due", "DONE");
    }

    @Test
    void aRollBackReachesTheResourceManagerWithAllThatItNeeds() throws Exception {
        azure.interfere((number, method, path) -> Optional.empty());
        List<Ran> steps = steps("rollback.yml", "rollback");
        assertThat(steps).singleElement().satisfies(ran -> assertThat(ran.output())
                .as("of the environment that is not there, and of nothing that the workflow gives")
                .contains("nothing is kept of kim/dev")
                .doesNotContain("Unknown option", "Missing", "stands for no property"));
        assertThat(azure.requests())
                .isNotEmpty()
                .allMatch(request -> request.startsWith("GET ") && request.contains("team4-txlookup-rgkept-kim-dev"));
    }

    private List<Ran> steps(String workflow, String job) throws IOException, InterruptedException {
        JsonNode document = YAMLMapper.builder()
                .build()
                .readTree(Files.readString(ROOT.resolve(".github/workflows").resolve(workflow)));
        JsonNode description = document.path("jobs").path(job);
        Map<String, String> outputs = new HashMap<>();
        List<Ran> ran = new ArrayList<>();
        for (JsonNode step : description.path("steps")) {
            if (!step.has("run")) {
                continue;
            }
            Path output = Files.createTempFile(folder, "output", "");
            Map<String, String> environment = new LinkedHashMap<>(Map.of(
                    "PATH",
                    folder.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin",
                    "HOME",
                    folder.toString(),
                    "CI",
                    "true",
                    "GITHUB_SHA",
                    SHA,
                    "GITHUB_REPOSITORY",
                    "Team4/TxLookup",
                    "GITHUB_OUTPUT",
                    output.toString(),
                    "GITHUB_STEP_SUMMARY",
                    folder.resolve("summary").toString()));
            add(environment, document.path("env"), outputs);
            add(environment, description.path("env"), outputs);
            add(environment, step.path("env"), outputs);
            Path script = Files.writeString(
                    folder.resolve("step.sh"), step.path("run").asString());
            ran.add(run(work, environment, "/bin/bash", "-e", "-o", "pipefail", script.toString()));
            String id = step.path("id").asString("");
            Files.readAllLines(output)
                    .forEach(line -> outputs.put(
                            "steps." + id + ".outputs." + line.substring(0, line.indexOf('=')),
                            line.substring(line.indexOf('=') + 1)));
        }
        return ran;
    }

    private void add(Map<String, String> environment, JsonNode variables, Map<String, String> outputs) {
        variables.properties().forEach(variable -> {
            Matcher matcher = EXPRESSION.matcher(variable.getValue().asString());
            environment.put(variable.getKey(), matcher.replaceAll(found -> {
                String name = found.group(1);
                String value = outputs.getOrDefault(name, given.get(name));
                if (value == null && name.startsWith("vars.")) {
                    value = "/subscriptions/x/resourceGroups/net/providers/Microsoft.Network/" + name;
                }
                assertThat(value).as("what the workflow says of " + name).isNotNull();
                return Matcher.quoteReplacement(value);
            }));
        });
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Ran run(Path in, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
        if (!environment.isEmpty()) {
            builder.environment().clear();
            builder.environment().putAll(environment);
        }
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }
}

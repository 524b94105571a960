package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.LocalServices;
import txlookup.local.traffic.Extract;
import txlookup.local.traffic.Payments;

/**
 * The whole way on the fake: the commands as processes of their own, the resource manager over HTTP, real PostgreSQL and
 * Kafka behind the server and the namespace, real processes of this program behind apps and jobs.
 */
class RecreateTest {
    private static final String IMAGE = "registry.example/txlookup@sha256:" + "ab".repeat(32);
    private static final long PAYMENTS = 2_000;

    /** What a process is doing when it is killed, step by step; the fourth asks nothing of Azure. */
    private static final Map<Integer, String> IN_THE_MIDDLE_OF = Map.of(
            1, "/deployments/txlookup-data",
            2, "/deployments/txlookup-access",
            3, "/jobs/team4-tx-mig-kim-d/start",
            5, "/deployments/txlookup-consumer",
            6, "/deployments/txlookup-api",
            7, "/deployments/txlookup-monitoring");

    @TempDir
    private Path folder;

    private LocalServices services;
    private FakeAzure azure;
    private Extract extract;

    @BeforeEach
    void start() throws Exception {
        services = new LocalServices(folder.resolve("practice"), Self.program());
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 0, 1, 0, 60), services);
        extract = Extract.write(
                new Payments(1, java.time.Instant.now(), PAYMENTS),
                0,
                PAYMENTS,
                Files.createDirectories(folder.resolve("extract")),
                true);
    }

    @AfterEach
    void stop() {
        azure.close();
        services.close();
    }

    @Test
    @Timeout(180)
    void anEnvironmentIsMadeFromNothingAlsoWhenItsMakerIsKilledInTheMiddle() throws Exception {
        killIn(5);
        String generation = generation("recreate-killed-5");
        assertThat(recreate("again").waitFor()).as(told("again")).isEqualTo(ExitCode.DONE);
        assertThat(output("again"))
                .contains("Subscription Practice (fake) (" + FakeAzure.SUBSCRIPTION + ")")
                .contains("kim/dev, stage cloud-test", "Going on with generation " + generation, "\nGO in ")
                .doesNotContain("of-a-test");
        requireEvidence(generation);
        assertThat(azure.requests()).noneMatch(request -> request.startsWith("DELETE"));
    }

    @Test
    @Tag("nightly")
    @Timeout(900)
    void eachStepIsKilledAndResumedAndTheEnvironmentDestroyedByPlanAndMadeAgain() throws Exception {
        for (int step = 1; step <= 7; step++) {
            killIn(step);
        }
        String generation = generation("recreate-killed-1");
        assertThat(recreate("first").waitFor()).as(told("first")).isEqualTo(ExitCode.DONE);
        assertThat(output("first")).contains("Going on with generation " + generation);
        requireEvidence(generation);

        destroy();
        assertThat(azure.ids()).isEmpty();

        assertThat(recreate("second").waitFor()).as(told("second")).isEqualTo(ExitCode.DONE);
        String next = generation("second");
        assertThat(Long.parseLong(next)).isGreaterThan(Long.parseLong(generation));
        requireEvidence(next);
    }

    private void requireEvidence(String generation) throws IOException {
        JsonNode evidence = JsonMapper.shared()
                .readTree(Files.readString(folder.resolve(".txlookup/evidence/%s/rebuild.json".formatted(generation))));
        assertThat(evidence.path("decision").path("go").asBoolean()).isTrue();
        assertThat(evidence.path("steps").size()).isEqualTo(7);
        assertThat(evidence.path("consumerGroup").asString()).isEqualTo("bo-sync-dev-kim-v" + generation);
        long rows = evidence.path("manifest")
                .path("inputs")
                .valueStream()
                .mapToLong(input -> input.path("counts").path("consumed").asLong())
                .sum();
        assertThat(rows).isEqualTo(lines(extract.ledgerEntries()) + lines(extract.paymentOrders()));
    }

    private static long lines(Path file) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return reader.lines().count();
        }
    }

    private void killIn(int step) throws Exception {
        AtomicReference<Process> running = new AtomicReference<>();
        if (step != 4) {
            azure.interfere((number, method, path) -> {
                boolean there = !method.equals("GET") && path.endsWith(IN_THE_MIDDLE_OF.get(step));
                if (there) {
                    running.get().destroyForcibly();
                }
                // Carried out, and nobody is left to hear of it.
                return there ? Optional.of(FakeAnswer.throttled(0).withActing()) : Optional.empty();
            });
        }
        String name = "recreate-killed-" + step;
        running.set(recreate(name));
        while (step == 4 && running.get().isAlive() && !output(name).contains("[3/7]")) {
            Thread.sleep(5);
        }
        if (step == 4) {
            running.get().destroyForcibly();
        }
        assertThat(running.get().waitFor(120, TimeUnit.SECONDS)).isTrue();
        azure.interfere((number, method, path) -> Optional.empty());
        assertThat(output(name)).as(told(name)).doesNotContain("[%d/7]".formatted(step), "\nGO in ");
        assertThat(step == 1 || output(name).contains("[%d/7]".formatted(step - 1)))
                .as(output(name))
                .isTrue();
    }

    private void destroy() throws Exception {
        List<String> plan = List.of("env", "plan", "--early", "--reason", "a test", "--out", "plan.json");
        assertThat(txlookup("plan", plan).waitFor()).as(output("plan")).isEqualTo(ExitCode.DONE);
        Matcher confirm = Pattern.compile("--confirm ([0-9a-f]{12})").matcher(output("plan"));
        assertThat(confirm.find()).as(output("plan")).isTrue();
        ProcessBuilder builder =
                builder("destroy", List.of("env", "destroy", "--plan", "plan.json", "--confirm", confirm.group(1)));
        assertThat(builder.start().waitFor()).as(output("destroy")).isEqualTo(ExitCode.DONE);
    }

    private Process recreate(String name) throws IOException {
        return txlookup(name, List.of("env", "recreate", "--image", IMAGE, "--yes"));
    }

    private Process txlookup(String name, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(List.of("--profile", "cloud-test", "--owner", "kim", "--env", "dev"));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("naming.ttl", "2099-12-31");
        settings.put("api.auth.issuer", "https://issuer.example");
        settings.put("api.auth.audience", "txlookup");
        settings.put("backfill.ndjson.ledgerEntries", extract.ledgerEntries().toString());
        settings.put("backfill.ndjson.paymentOrders", extract.paymentOrders().toString());
        settings.forEach((path, value) -> whole.addAll(List.of("--set", path + "=" + value)));
        whole.addAll(command);
        whole.addAll(List.of(
                "--subscription",
                FakeAzure.SUBSCRIPTION,
                "--arm",
                azure.endpoint().toString()));
        return builder(name, whole).start();
    }

    private ProcessBuilder builder(String name, List<String> arguments) {
        List<String> whole = new ArrayList<>(Self.program());
        whole.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.directory(folder.toFile());
        builder.environment().put("TXLOOKUP_DATABASE_PASSWORD", "of-a-test-database");
        builder.environment().put("TXLOOKUP_CURSOR_SECRET", "of-a-test-cursor-0123456789abcdef");
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(name).toFile());
    }

    private String output(String name) throws IOException {
        return Files.exists(folder.resolve(name)) ? Files.readString(folder.resolve(name)) : "";
    }

    /** The command's output, and what the jobs and apps said, for who has to find out why. */
    private String told(String name) throws IOException {
        StringBuilder all = new StringBuilder(output(name));
        try (Stream<Path> logs = Files.list(folder.resolve("practice"))) {
            for (Path log : logs.filter(file -> file.getFileName().toString().startsWith("team4-tx-"))
                    .filter(file -> file.toString().endsWith(".log"))
                    .toList()) {
                all.append("\n--- ").append(log.getFileName()).append('\n').append(Files.readString(log));
            }
        }
        return all.toString();
    }

    private String generation(String name) throws IOException {
        Matcher generation = Pattern.compile("generation (\\d{14})").matcher(output(name));
        assertThat(generation.find())
                .as(Arrays.toString(output(name).split("\n", -1)))
                .isTrue();
        return generation.group(1);
    }
}

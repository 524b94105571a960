package txlookup.cli.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.LocalServices;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.LauncherCommand;
import txlookup.cli.service.ImageLauncher;
import txlookup.local.testing.TestSecrets;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.traffic.Event;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;
import txlookup.traffic.Publisher;
import txlookup.traffic.Scenario;

/**
 * Environments that a job within them makes and judges, on the fake: the job is a process with a disk of its own, and what
 * outlives it is on Azurite. The process that starts it is killed and another one follows.
 */
@Tag("nightly")
class WithinIT {
    private static final String IMAGE = "registry.example/txlookup@sha256:" + "ab".repeat(32);
    private static final String EVIDENCE = ".txlookup/azure/kim-dev/evidence";
    private static final long PAYMENTS = 2_000;

    @TempDir
    private Path folder;

    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private List<String> program = LauncherCommand.program();
    private LocalServices services;
    private FakeAzure azure;

    @BeforeEach
    void start() throws Exception {
        services = new LocalServices(folder.resolve("practice"), program);
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 0, 1, 0, 60), services);
        Extract extract = Extract.write(
                new Payments(1, Instant.now(), PAYMENTS),
                0,
                PAYMENTS,
                Files.createDirectories(folder.resolve("extract")),
                true,
                Instant.now());
        settings.put("api.auth.issuer", "https://issuer.example");
        settings.put("api.auth.audience", "txlookup");
        settings.put("backfill.ndjson.ledgerEntries", extract.ledgerEntries().toString());
        settings.put("backfill.ndjson.paymentOrders", extract.paymentOrders().toString());
        variables.put("TXLOOKUP_DATABASE_PASSWORD", "of-a-test-Database");
        variables.put("TXLOOKUP_CURSOR_SECRET", "of-a-test-cursor-0123456789abcdef");
        variables.put("TXLOOKUP_BLOB_KEY", TestSecrets.keep(services.blobKey()));
    }

    @AfterEach
    void stop() {
        azure.close();
        services.close();
    }

    @Test
    @Timeout(900)
    void aJobWithinMakesStageAAndBAndOutlivesWhoeverStartedItAndItsEvidenceOutlivesTheEnvironment() throws Exception {
        Process first = test("first", recreate(IMAGE));
        awaitLine(first, "first", "started team4-tx-in-kim-d-1");
        Process second = test("second", recreate(IMAGE));
        awaitLine(second, "second", "joining team4-tx-in-kim-d-1, which does the same");
        Process other = test("other", recreate(IMAGE.replace("abab", "cdcd")));
        assertThat(other.waitFor()).as(output("other")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(output("other")).contains("works within this environment on something else", "nothing was changed");
        first.destroy();
        assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output("first"))
                .contains("team4-tx-in-kim-d-1 goes on within the environment", "txlookup env follow");
        assertThat(second.waitFor()).as(told("second")).isEqualTo(ExitCode.DONE);
        assertThat(output("second")).contains("[1/7]", "[7/7]", "\nGO in ").doesNotContain("of-a-test");
        String generation = generation("second");
        requireEvidence(generation);
        assertThat(executions()).as("nobody doubled it").containsExactly("team4-tx-in-kim-d-1");

        assertThat(test("follow", List.of("env", "follow")).waitFor())
                .as(output("follow"))
                .isEqualTo(ExitCode.DONE);
        assertThat(output("follow")).contains("[1/7]", "\nGO in ", "ended as succeeded");

        assertThat(test("export", within("audit", "export")).waitFor())
                .as(told("export"))
                .isEqualTo(ExitCode.DONE);
        assertThat(output("export")).contains("rows exported; manifest");
        assertThat(test("failing", within("generation", "switch", "7")).waitFor())
                .isNotIn(ExitCode.DONE, ExitCode.GAP);
        assertThat(azure.ids()).anyMatch(id -> id.endsWith("/jobs/team4-tx-exp-kim-d"));

        deployAndRollBack();

        promote(generation);
    }

    /** From outside nobody reaches the consumer, so that another image is judged by the job, too. */
    private void deployAndRollBack() throws Exception {
        String first = azure.served().get(azure.served().size() - 1);
        List<String> deploy = List.of("env", "deploy", "--image", IMAGE.replace("abab", "cdcd"), "--reason", "a test");
        assertThat(test("deploy", deploy).waitFor()).as(told("deploy")).isEqualTo(ExitCode.DONE);
        String second = azure.served().get(azure.served().size() - 1);
        assertThat(second).startsWith("team4-tx-api-kim-d--i").isNotEqualTo(first);
        assertThat(output("deploy"))
                .contains("started team4-tx-in-kim-d-", "GO: revision " + second + " answers")
                .doesNotContain("of-a-test");
        assertThat(test("back", List.of("env", "rollback-app", "--reason", "a test"))
                        .waitFor())
                .as(told("back"))
                .isEqualTo(ExitCode.DONE);
        assertThat(output("back")).contains("started team4-tx-in-kim-d-", "GO: revision " + first + " answers");
        assertThat(azure.served().get(azure.served().size() - 1)).isEqualTo(first);
        assertThat(new EvidenceChain(folder.resolve(EVIDENCE)).verify()).isEmpty();
        assertThat(Files.readString(folder.resolve(EVIDENCE).resolve("chain.txt")))
                .contains("deploy-" + second, "rollback-app-" + first);
    }

    /** Stage B, whose evidence of stage A is what was brought from the account. */
    private void promote(String generation) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("env", "promote", "--yes", "--image", IMAGE, "--from", EVIDENCE + "/" + generation));
        for (String part : List.of(
                "container-subnet",
                "postgres-subnet",
                "endpoint-subnet",
                "postgres-dns-zone",
                "vault-dns-zone",
                "registry-dns-zone",
                "event-hubs-dns-zone")) {
            command.addAll(List.of("--" + part, "/subscriptions/s/resourceGroups/net/" + part));
        }
        Process promoting =
                run("promote", List.of("--profile", "cloud-secure", "--owner", "kim", "--env", "prod"), command);
        publishWhile(promoting);
        assertThat(promoting.waitFor()).as(told("promote")).isEqualTo(ExitCode.DONE);
        assertThat(output("promote"))
                .contains("kim/prod, stage cloud-secure", "started team4-tx-in-kim-p-1", "\nGO in ")
                .doesNotContain("of-a-test");
        assertThat(azure.knocks())
                .as("the operator's process did not even try to reach the private network")
                .isZero();
        List<String> here = List.of("--profile", "cloud-secure", "--owner", "kim", "--env", "prod");
        assertThat(run("export-b", here, within("audit", "export")).waitFor())
                .as(told("export-b"))
                .isZero();
    }

    private void publishWhile(Process running) throws Exception {
        while (running.isAlive() && !output("promote").contains("[7/7]")) {
            Thread.sleep(100);
        }
        if (!running.isAlive()) {
            return;
        }
        Instant now = Instant.now();
        long first = now.getEpochSecond();
        try (Publisher producers = new Publisher(
                Map.of("bootstrap.servers", services.bootstrapServers("team4-txlookup-eh-kim-prod")),
                Map.of(
                        Event.Kind.LEDGER_ENTRY, "ledger.entry.upserted",
                        Event.Kind.PAYMENT_ORDER, "payment.order.upserted"),
                new Payments(2, now, first))) {
            producers.publish(Scenario.HAPPY, first, first + 100_000, 200, sent -> {}, () -> !running.isAlive());
        }
    }

    /** The job's container meets the namespace, and its launcher starts the same command again; who follows sees one run. */
    @Test
    @Timeout(600)
    void aJobWithinResumesOnTheOlderKafkaClientWhereTheNamespaceResetsTheNewerHandshake() throws Exception {
        ImageLauncher.requireOlderClient();
        stop();
        program = ImageLauncher.in(folder.resolve("image"));
        start();
        services.resetNewHandshakes();

        assertThat(test("older", recreate(IMAGE)).waitFor()).as(told("older")).isEqualTo(ExitCode.DONE);
        String generation = generation("older");
        assertThat(output("older"))
                .contains("closes connections that open with ApiVersions", "Going on with generation " + generation)
                .contains("\nGO in ", "ended as succeeded")
                .doesNotContain("NO_GO");
        assertThat(console()).containsOnlyOnce("starting the older one");
        requireEvidence(generation);
        assertThat(executions()).as("one execution").containsExactly("team4-tx-in-kim-d-1");
    }

    @Test
    @Timeout(600)
    void aJobThatIsKilledIsResumedByTheSameCommandFromWhatWasKept() throws Exception {
        Process killed = test("killed", recreate(IMAGE));
        awaitLine(killed, "killed", "[4/7]");
        killJob();
        assertThat(killed.waitFor()).as(told("killed")).isEqualTo(ExitCode.NOT_JUDGED);
        assertThat(output("killed"))
                .contains("ended as failed", "it ended before it could say how", "The same command resumes");
        String generation = generation("killed");

        assertThat(test("again", recreate(IMAGE)).waitFor()).as(told("again")).isEqualTo(ExitCode.DONE);
        assertThat(output("again")).contains("Going on with generation " + generation, "\nGO in ");
        requireEvidence(generation);

        destroy();
        assertThat(azure.ids()).isNotEmpty().allMatch(id -> id.contains("/team4-txlookup-rgkept-kim-dev"));
        assertThat(test("after", List.of("env", "follow")).waitFor())
                .as(output("after"))
                .isEqualTo(ExitCode.DONE);
        assertThat(output("after")).as("what ran last").contains("The audit is exported to http://127.0.0.1:");
        requireEvidence(generation);
    }

    /** Nobody outside reaches the store, so that switch and roll back are commands within. */
    @Test
    @Timeout(600)
    void theNextGenerationAnswersOnceItIsJudgedAndTheFormerOneAnswersAgainByACommandWithin() throws Exception {
        assertThat(test("made", recreate(IMAGE)).waitFor()).as(told("made")).isEqualTo(ExitCode.DONE);
        String former = generation("made");
        assertThat(answering()).isEqualTo(former);
        assertThat(test("beside", recreate(IMAGE.replace("abab", "cdcd"))).waitFor())
                .as(told("beside"))
                .isEqualTo(ExitCode.DONE);
        String next = generation("beside");
        assertThat(next).isNotEqualTo(former);
        assertThat(answering()).isEqualTo(next);

        command("back", "generation", "rollback", "--reason", "a test");
        assertThat(output("back")).contains("all lookups are answered by generation %s again".formatted(former));
        assertThat(answering()).isEqualTo(former);
        command("list", "generation", "list");
        assertThat(output("list")).contains(former, next);

        command("forth", "generation", "switch", next, "--reason", "a test");
        assertThat(answering()).isEqualTo(next);
        assertThat(azure.active("team4-tx-con-kim-d"))
                .as("both are kept current")
                .hasSize(2);
    }

    private void command(String name, String... command) throws Exception {
        assertThat(test(name, within(command)).waitFor()).as(told(name)).isEqualTo(ExitCode.DONE);
    }

    /** The generation that answers a caller of the app. */
    private String answering() throws Exception {
        URI known = URI.create("http://%s/admin/tx/tx-0000000042-p".formatted(services.served("team4-tx-api-kim-d")));
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(known).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("X-Generation").orElseThrow();
    }

    /** Its generation is kept before it is told, so that no moment is too early to be killed in. */
    @Test
    @Timeout(300)
    void aJobThatIsKilledInItsFirstSecondGoesOnAsTheGenerationThatItWas() throws Exception {
        Process killed = test("early", recreate(IMAGE));
        Pattern begun = Pattern.compile("Rebuilding as generation (\\d{14})");
        Matcher told = begun.matcher("");
        while (killed.isAlive() && !told.reset(console()).find()) {
            Thread.sleep(5);
        }
        killJob();
        assertThat(killed.waitFor()).as(told("early")).isEqualTo(ExitCode.NOT_JUDGED);
        String generation = told.group(1);

        Process again = test("again", recreate(IMAGE));
        awaitLine(again, "again", "generation ");
        assertThat(output("again")).contains("Going on with generation " + generation);

        List<String> aside = List.of("env", "recreate", "--no-within", "--yes", "--image", IMAGE);
        assertThat(test("aside", aside).waitFor()).as(output("aside")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(output("aside"))
                .as("the list does not show the second execution yet")
                .contains("team4-tx-in-kim-d-2 works within this environment");
        again.destroyForcibly();
        killJob();
    }

    /** What the job wrote to its own console, which is there before anything is kept. */
    private String console() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> logs = Files.list(Files.createDirectories(folder.resolve("practice")))) {
            for (Path log : logs.filter(file -> file.getFileName().toString().startsWith("team4-tx-in-"))
                    .filter(file -> file.toString().endsWith(".log"))
                    .toList()) {
                all.append(Files.readString(log));
            }
        }
        return all.toString();
    }

    private void killJob() {
        ProcessHandle job = ProcessHandle.allProcesses()
                .filter(one -> commandLine(one).contains("\0carry-out\0"))
                .filter(one -> commandLine(one).contains(azure.inside().toString()))
                .findFirst()
                .orElseThrow();
        List<ProcessHandle> parts = job.descendants().toList();
        job.destroyForcibly();
        parts.forEach(ProcessHandle::destroyForcibly);
    }

    /** Java's own answer ends where a class path is long. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private void destroy() throws Exception {
        List<String> plan = List.of("env", "plan", "--early", "--reason", "a test", "--out", "plan.json");
        assertThat(test("plan", plan).waitFor()).as(output("plan")).isEqualTo(ExitCode.DONE);
        Matcher confirm = Pattern.compile("--confirm ([0-9a-f]{12})").matcher(output("plan"));
        assertThat(confirm.find()).as(output("plan")).isTrue();
        List<String> destroy =
                new ArrayList<>(List.of("env", "destroy", "--plan", "plan.json", "--confirm", confirm.group(1)));
        assertThat(builder("destroy", destroy).start().waitFor())
                .as(told("destroy"))
                .isEqualTo(ExitCode.DONE);
        assertThat(output("destroy")).contains("The audit is exported to http://127.0.0.1:");
    }

    private List<String> executions() throws IOException {
        try (Stream<Path> disks = Files.list(folder.resolve("practice/executions"))) {
            return disks.map(disk -> disk.getFileName().toString())
                    .filter(name -> name.startsWith("team4-tx-in-"))
                    .toList();
        }
    }

    private void requireEvidence(String generation) throws IOException {
        Path evidence = folder.resolve(EVIDENCE);
        assertThat(new EvidenceChain(evidence).verify()).isEmpty();
        JsonNode rebuild = JsonMapper.shared()
                .readTree(Files.readString(evidence.resolve(generation).resolve("rebuild.json")));
        assertThat(rebuild.path("decision").path("go").asBoolean()).isTrue();
        assertThat(rebuild.path("steps").size()).isEqualTo(7);
        assertThat(rebuild.path("manifest").path("inputs").path(0).path("name").asString())
                .as("read from where it was copied to")
                .startsWith("http://127.0.0.1:")
                .contains("/team4txstkimd/extracts/");
    }

    private void awaitLine(Process running, String name, String line) throws Exception {
        while (running.isAlive() && !output(name).contains(line)) {
            Thread.sleep(50);
        }
        assertThat(output(name)).as(told(name)).contains(line);
    }

    private List<String> recreate(String image) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "recreate", "--within", "--yes", "--image", image));
        return command;
    }

    private static List<String> within(String... command) {
        List<String> whole = new ArrayList<>(List.of("env", "within"));
        whole.add("--");
        whole.addAll(List.of(command));
        return whole;
    }

    private Process test(String name, List<String> command) throws IOException {
        return run(
                name,
                List.of("--profile", "cloud-test", "--owner", "kim", "--env", "dev", "--set", "naming.ttl=2099-12-31"),
                command);
    }

    private Process run(String name, List<String> environment, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(environment);
        settings.forEach((path, value) -> whole.addAll(List.of("--set", path + "=" + value)));
        List<String> options = new ArrayList<>(List.of(
                "--subscription",
                FakeAzure.SUBSCRIPTION,
                "--arm",
                azure.endpoint().toString()));
        if (List.of("recreate", "promote", "deploy", "rollback-app").contains(command.get(1))) {
            options.addAll(
                    List.of("--slo", objectives().toString(), "--gate-duration", "8s", "--gate-interval", "0.25s"));
            options.addAll(List.of("--gate-rate", "60", "--gate-payments", "200"));
        }
        whole.addAll(command.subList(0, 2));
        whole.addAll(options);
        whole.addAll(command.subList(2, command.size()));
        return builder(name, whole).start();
    }

    /** As {@link RecreateIT} has them: what is tested is the way to a verdict, not this machine. */
    private Path objectives() throws IOException {
        String shipped = Files.readString(Path.of("..", "profiles", "slo", "default.yaml"));
        String wide = shipped.replace("op: lt, value: 0.2,", "op: lt, value: 5,")
                .replace("op: lt, value: 5, target: 0.95", "op: lt, value: 30, target: 0.95");
        return Files.writeString(
                folder.resolve("slo.yaml"), wide.replaceAll("minimum-sample: \"\\d+\"", "minimum-sample: \"10\""));
    }

    private ProcessBuilder builder(String name, List<String> arguments) {
        List<String> whole = new ArrayList<>(LauncherCommand.program());
        whole.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.directory(folder.toFile());
        builder.environment().putAll(variables);
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(name).toFile());
    }

    private String output(String name) throws IOException {
        return Files.exists(folder.resolve(name)) ? Files.readString(folder.resolve(name)) : "";
    }

    /** The command's output, and what jobs and apps said, for who has to find out why. */
    private String told(String name) throws IOException {
        StringBuilder all = new StringBuilder(output(name));
        try (Stream<Path> logs = Files.list(Files.createDirectories(folder.resolve("practice")))) {
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
        assertThat(generation.find()).as(output(name)).isTrue();
        return generation.group(1);
    }
}

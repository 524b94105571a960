package txlookup.cli.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
import txlookup.cli.gate.WideObjectives;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.LauncherCommand;
import txlookup.cli.service.ImageLauncher;
import txlookup.cli.verify.SourceTables;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.TestDatabase;
import txlookup.traffic.Event;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;
import txlookup.traffic.Publisher;
import txlookup.traffic.Scenario;

/**
 * The whole way on the fake: the commands as processes of their own, the resource manager over HTTP, real PostgreSQL and
 * Kafka behind the server and the namespace, real processes of this program behind apps and jobs. The quick tests of the
 * same are the azure module's own.
 */
@Tag("nightly")
class RecreateIT {
    private static final String IMAGE = "registry.example/txlookup@sha256:" + "ab".repeat(32);
    private static final long PAYMENTS = 2_000;

    private static final String OLDER_CLIENT = "starting the older one";

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

    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private List<String> program = LauncherCommand.program();
    private LocalServices services;
    private FakeAzure azure;
    private Extract extract;

    @BeforeEach
    void start() throws Exception {
        services = new LocalServices(folder.resolve("practice"), program);
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 0, 1, 0, 60), services);
        extract = Extract.write(
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
    }

    @AfterEach
    void stop() {
        azure.close();
        services.close();
    }

    @Test
    @Timeout(300)
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
    @Timeout(900)
    void anotherImageIsDeployedAndTakenBackAndTheNextGenerationRunsBesideTheOneThatServes() throws Exception {
        assertThat(recreate("made").waitFor()).as(told("made")).isEqualTo(ExitCode.DONE);
        String generation = generation("made");
        String first = azure.served().get(azure.served().size() - 1);
        List<String> deploy = List.of("env", "deploy", "--image", IMAGE.replace("abab", "cdcd"));
        Process killed = txlookup("deploy-killed", deploy);
        while (killed.isAlive() && !output("deploy-killed").contains(" beside ")) {
            Thread.sleep(20);
        }
        killed.destroyForcibly().waitFor();
        assertThat(txlookup("deploy", deploy).waitFor()).as(told("deploy")).isEqualTo(ExitCode.DONE);
        String second = azure.served().get(azure.served().size() - 1);
        assertThat(second).startsWith("team4-tx-api-kim-d--i").isNotEqualTo(first);
        assertThat(output("deploy"))
                .contains("GO: revision " + second + " answers")
                .doesNotContain("of-a-test");
        assertThat(azure.active("team4-tx-api-kim-d")).containsExactlyInAnyOrder(first, second);

        List<String> back = List.of("env", "rollback-app", "--reason", "a test");
        assertThat(txlookup("back", back).waitFor()).as(told("back")).isEqualTo(ExitCode.DONE);
        assertThat(azure.served().get(azure.served().size() - 1)).isEqualTo(first);
        assertThat(azure.active("team4-tx-api-kim-d")).containsExactly(first);
        assertThat(txlookup("back-again", back).waitFor()).isEqualTo(ExitCode.NOT_JUDGED);
        assertThat(output("back-again")).contains("no earlier revision");
        assertThat(Files.readString(folder.resolve(".txlookup/evidence/chain.txt")))
                .contains(generation, "deploy-" + second, "rollback-app-" + first);

        // Its stream begins before the gate of the first generation, whose markers it reads.
        Process beside =
                txlookup("beside", List.of("env", "recreate", "--image", IMAGE.replace("abab", "efef"), "--yes"));
        while (beside.isAlive() && !output("beside").contains("[5/7]")) {
            Thread.sleep(20);
        }
        List<String> consumers = azure.active("team4-tx-con-kim-d");
        assertThat(beside.isAlive()).as(told("beside")).isTrue();
        String next = generation("beside");
        assertThat(next).isNotEqualTo(generation);
        assertThat(consumers)
                .as("what serves is kept current")
                .hasSize(2)
                .anyMatch(revision -> revision.contains("--g" + generation + "-"))
                .anyMatch(revision -> revision.contains("--g" + next + "-"));
        while (beside.isAlive() && !output("beside").contains("[7/7]")) {
            Thread.sleep(20);
        }
        assertThat(azure.served().get(azure.served().size() - 1))
                .as("not judged yet: " + told("beside"))
                .isEqualTo(first);
        assertThat(beside.waitFor()).as(told("beside")).isEqualTo(ExitCode.DONE);
        String third = azure.served().get(azure.served().size() - 1);
        assertThat(third).startsWith("team4-tx-api-kim-d--r").isNotEqualTo(first);
        assertThat(azure.active("team4-tx-api-kim-d")).containsExactlyInAnyOrder(first, third);
        assertThat(output("beside")).contains("egress of team4-txlookup-eh-kim-dev with one more reader");
    }

    @Test
    @Timeout(300)
    void anEnvironmentIsLoadedFromADatabaseByAJobOfItsOwnAndCheckedFromHere() throws Exception {
        TestDatabase source = SourceTables.filled(new Payments(1, Instant.now(), PAYMENTS), PAYMENTS);
        settings.put("backfill.source", "jdbc");
        settings.put("cutover.settling", "0s");
        settings.put("backfill.jdbc.url", source.jdbcUrl());
        settings.put("backfill.jdbc.user", source.user());
        settings.put("backfill.jdbc.passwordVariable", "SOURCE_PASSWORD");
        variables.put("SOURCE_PASSWORD", source.password());
        assertThat(recreate("jdbc").waitFor()).as(told("jdbc")).isEqualTo(ExitCode.DONE);
        requireEvidence(generation("jdbc"));
        assertThat(azure.requests()).anyMatch(request -> request.endsWith("/jobs/team4-tx-bf-kim-d/start"));
        assertThat(Files.readString(folder.resolve("practice/team4-tx-bf-kim-d.log")))
                .as("the job did the load")
                .contains("Loaded in")
                .doesNotContain(source.password());
        assertThat(output("jdbc")).doesNotContain(source.password());
    }

    @Test
    @Timeout(300)
    void anEnvironmentAtAnotherKafkaMakesNoNamespaceAndLeavesThatKafkaWhenItIsDestroyed() throws Exception {
        KafkaSettings broker = SharedKafka.settings(folder.resolve("other-kafka"));
        LocalKafka kafka = LocalKafka.start(broker);
        try {
            settings.put("messaging.security", "SCRAM");
            settings.put("messaging.bootstrapServers", kafka.bootstrapServers());
            settings.put("messaging.user", "txlookup");
            variables.put("TXLOOKUP_KAFKA_PASSWORD", "of-a-test-Kafka");
            assertThat(recreate("no-topics").waitFor()).as(told("no-topics")).isNotEqualTo(ExitCode.DONE);
            assertThat(output("no-topics"))
                    .contains("Kafka at " + kafka.bootstrapServers(), "Make the topics", "describe them");
            kafka.createTopic("ledger.entry.upserted", 2, Map.of());
            kafka.createTopic("payment.order.upserted", 2, Map.of());

            assertThat(recreate("other").waitFor()).as(told("other")).isEqualTo(ExitCode.DONE);
            assertThat(output("other"))
                    .contains("Kafka at " + kafka.bootstrapServers(), "\nGO in ")
                    .doesNotContain("of-a-test");
            assertThat(azure.ids()).noneMatch(id -> id.contains("Microsoft.EventHub"));

            destroy();
            assertThat(azure.ids()).isEmpty();
            assertThat(kafka.deleteTopic("ledger.entry.upserted"))
                    .as("the topic is still there")
                    .isTrue();
        } finally {
            kafka.kill();
        }
    }

    /** The launcher of the image starts jobs and apps here, and the command that makes and judges, too. */
    @Test
    @Timeout(400)
    void aNamespaceThatResetsTheNewerHandshakeIsServedAndJudgedOnTheOlderClient() throws Exception {
        ImageLauncher.requireOlderClient();
        stop();
        program = ImageLauncher.in(folder.resolve("image"));
        start();
        services.resetNewHandshakes();

        assertThat(recreate("made").waitFor()).as(told("made")).isEqualTo(ExitCode.DONE);
        String generation = generation("made");
        assertThat(output("made"))
                .containsOnlyOnce(OLDER_CLIENT)
                .contains("Going on with generation " + generation, "\nGO in ")
                .doesNotContain("NO_GO");
        requireEvidence(generation);
        assertThat(log("con")).as("the consumer").containsOnlyOnce(OLDER_CLIENT);
        assertThat(services.handshakesReset("team4-txlookup-eh-kim-dev")).isPositive();

        List<String> deploy = List.of("env", "deploy", "--image", IMAGE.replace("abab", "cdcd"));
        assertThat(txlookup("deploy", deploy).waitFor()).as(told("deploy")).isEqualTo(ExitCode.DONE);
        assertThat(output("deploy")).containsOnlyOnce(OLDER_CLIENT).contains("GO: revision ");
        List<String> back = List.of("env", "rollback-app", "--reason", "a test");
        assertThat(txlookup("back", back).waitFor()).as(told("back")).isEqualTo(ExitCode.DONE);
        assertThat(output("back")).containsOnlyOnce(OLDER_CLIENT).contains("GO: revision ");
    }

    @Test
    @Timeout(900)
    void eachStepIsKilledAndResumedAndTheEnvironmentDestroyedByPlanAndMadeAgain() throws Exception {
        for (int step = 1; step <= 7; step++) {
            killIn(step);
        }
        String generation = generation("recreate-killed-1");
        assertThat(recreate("first").waitFor()).as(told("first")).isEqualTo(ExitCode.DONE);
        assertThat(output("first")).contains("Going on with generation " + generation);
        requireEvidence(generation);

        promote(generation);

        destroy();
        assertThat(azure.ids()).isNotEmpty().allMatch(id -> id.contains("/team4-txlookup-rg-kim-prod"));

        assertThat(recreate("second").waitFor()).as(told("second")).isEqualTo(ExitCode.DONE);
        String next = generation("second");
        assertThat(Long.parseLong(next)).isGreaterThan(Long.parseLong(generation));
        requireEvidence(next);
    }

    /**
     * Stage B on resources of its own, beside stage A and with its secrets in a vault, made by a process that runs inside
     * its network; another image is refused.
     */
    private void promote(String generation) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("env", "promote", "--yes", "--no-within", "--from", ".txlookup/evidence/" + generation));
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
        List<String> other = new ArrayList<>(command);
        other.addAll(List.of("--image", IMAGE.replace("abab", "cdcd")));
        assertThat(secured("other-image", other).waitFor())
                .as(output("other-image"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(output("other-image")).contains("OTHER_IMAGE");
        assertThat(azure.ids()).noneMatch(id -> id.contains("kim-prod"));
        command.addAll(List.of("--image", IMAGE));
        Process promoting = secured("promote", command);
        publishWhile(promoting);
        assertThat(promoting.waitFor()).as(told("promote")).isEqualTo(ExitCode.DONE);
        assertThat(output("promote"))
                .contains("kim/prod, stage cloud-secure", "in team4-tx-kv-kim-p", "\nGO in ")
                .contains("and tokens of team4-txlookup-id-kim-prod");
        for (String part : List.of("con", "api")) {
            assertThat(Files.readString(folder.resolve("practice/team4-tx-%s-kim-p.log".formatted(part))))
                    .doesNotContain("fake-token-");
        }
    }

    /** A secured environment's own producers: nothing synthetic is published to it, and without events it is a NO_GO. */
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

    private void requireEvidence(String generation) throws IOException {
        JsonNode evidence = JsonMapper.shared()
                .readTree(Files.readString(folder.resolve(".txlookup/evidence/%s/rebuild.json".formatted(generation))));
        assertThat(evidence.path("decision").path("go").asBoolean()).isTrue();
        assertThat(evidence.path("steps").size()).isEqualTo(7);
        assertThat(evidence.path("decision").path("gates").valueStream().map(gate -> gate.path("gate")
                        .asString()))
                .contains("SLO api-errors", "SLO dead-letters");
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
        List<String> destroy = List.of("env", "destroy", "--plan", "plan.json", "--confirm", confirm.group(1));
        assertThat(builder("refused", destroy).start().waitFor()).isEqualTo(ExitCode.NOT_JUDGED);
        assertThat(output("refused")).contains("so the audit cannot be reached", "--discard-audit");
        List<String> withProfile = new ArrayList<>(
                List.of("--profile", "cloud-test", "--owner", "kim", "--env", "dev", "--set", "naming.ttl=2099-12-31"));
        settings.forEach((path, value) -> withProfile.addAll(List.of("--set", path + "=" + value)));
        withProfile.addAll(List.of("--set", "audit.exportTo=" + folder.resolve("kept-audit")));
        withProfile.addAll(destroy);
        assertThat(builder("destroy", withProfile).start().waitFor())
                .as(output("destroy"))
                .isEqualTo(ExitCode.DONE);
        assertThat(output("destroy")).contains("The audit is exported to");
    }

    private String log(String app) throws IOException {
        return Files.readString(folder.resolve("practice/team4-tx-%s-kim-d.log".formatted(app)));
    }

    private Process recreate(String name) throws IOException {
        return txlookup(name, List.of("env", "recreate", "--image", IMAGE, "--yes"));
    }

    private Process txlookup(String name, List<String> command) throws IOException {
        return txlookup(
                name,
                List.of("--profile", "cloud-test", "--owner", "kim", "--env", "dev", "--set", "naming.ttl=2099-12-31"),
                command,
                azure.endpoint());
    }

    private Process secured(String name, List<String> command) throws IOException {
        return txlookup(
                name, List.of("--profile", "cloud-secure", "--owner", "kim", "--env", "prod"), command, azure.inside());
    }

    /** @param arm from which side of the private networks the resource manager is asked */
    private Process txlookup(String name, List<String> environment, List<String> command, URI arm) throws IOException {
        List<String> whole = new ArrayList<>(environment);
        settings.forEach((path, value) -> whole.addAll(List.of("--set", path + "=" + value)));
        whole.addAll(command);
        if (!command.get(1).equals("plan")) {
            whole.addAll(List.of(
                    "--slo",
                    WideObjectives.write(folder.resolve("slo.yaml")).toString(),
                    "--gate-duration",
                    "8s",
                    "--gate-interval",
                    "0.25s"));
            whole.addAll(List.of("--gate-rate", "60", "--gate-payments", "200"));
        }
        whole.addAll(List.of("--subscription", FakeAzure.SUBSCRIPTION, "--arm", arm.toString()));
        return builder(name, whole).start();
    }

    private ProcessBuilder builder(String name, List<String> arguments) {
        List<String> whole = new ArrayList<>(program);
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

    /** The command's output, and what the jobs and apps said, for who has to find out why. */
    private String told(String name) throws IOException {
        StringBuilder all = new StringBuilder(output(name));
        Path practice = Files.createDirectories(folder.resolve("practice"));
        try (Stream<Path> logs = Files.list(practice)) {
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

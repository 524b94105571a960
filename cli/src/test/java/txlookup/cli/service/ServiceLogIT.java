package txlookup.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.cli.options.LauncherCommand;
import txlookup.local.testing.TestSecrets;

/** What the services write while they run, each as a process of its own whose store is away. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("nightly")
class ServiceLogIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, String> SECRETS = Map.of(
            "TXLOOKUP_DATABASE_PASSWORD", "correct-horse-1729",
            "TXLOOKUP_CURSOR_SECRET", "battery-staple-that-is-long-enough-4104",
            "TXLOOKUP_EVENT_HUBS_CONNECTION_STRING",
                    "Endpoint=sb://none.test/;SharedAccessKeyName=k;SharedAccessKey=c3RhcGxl");

    @TempDir
    private Path folder;

    private Process service;

    @AfterEach
    void end() throws InterruptedException {
        service.destroyForcibly().waitFor();
        TestSecrets.keepOutput("service.log", log());
    }

    private Path log() {
        return folder.resolve("service.log");
    }

    private void start(Map<String, String> variables, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(LauncherCommand.program());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--set", "local.dataFolder=" + folder, "--set", "local.postgresPort=1"));
        ProcessBuilder builder = new ProcessBuilder(command);
        SECRETS.values().forEach(TestSecrets::keep);
        builder.environment().putAll(SECRETS);
        builder.environment().putAll(variables);
        service =
                builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String eventually(Predicate<String> wanted) throws Exception {
        while (service.isAlive()) {
            Optional<String> line =
                    Files.readAllLines(log()).stream().filter(wanted).findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("It ended without such a line:\n" + Files.readString(log()));
    }

    private void assertObjectsWithoutSecrets() throws IOException {
        assertThat(Files.readAllLines(log())).isNotEmpty().allSatisfy(line -> {
            JsonNode object = JSON.readTree(line);
            assertThat(object.propertyNames()).contains("time", "level", "logger", "thread", "message");
            assertThat(object.path("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        });
        assertThat(Files.readString(log())).doesNotContain(SECRETS.values());
        assertThat(Files.readString(log())).doesNotContain("c3RhcGxl");
    }

    @Test
    void theApiWritesAnObjectALineWithCorrelationAndTrace() throws Exception {
        int port = freePort();
        start(Map.of("TXLOOKUP_LOG", "json"), "serve", "--set", "api.port=" + port);
        URI lookup = URI.create("http://127.0.0.1:%d/admin/tx/tx-1".formatted(port));
        HttpRequest request = HttpRequest.newBuilder(lookup)
                .header("X-Correlation-ID", "order-7")
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .header("X-Actor-Id", "ann")
                .header("X-Actor-Roles", "ADMIN_READ")
                .build();
        while (!answers(request)) {
            assertThat(service.isAlive()).as(Files.readString(log())).isTrue();
            Thread.sleep(200);
        }

        JsonNode line = JSON.readTree(eventually(one -> one.contains("order-7")));

        assertThat(line.path("correlation_id").asString()).isEqualTo("order-7");
        assertThat(line.path("trace_id").asString()).isEqualTo(TRACE);
        assertThat(line.path("logger").asString()).startsWith("txlookup.api.");
        assertObjectsWithoutSecrets();
    }

    private static boolean answers(HttpRequest request) throws InterruptedException {
        try {
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Test
    void theConsumerWritesAnObjectALine() throws Exception {
        start(Map.of("TXLOOKUP_LOG", "json"), "consume", "--generation", "20260205010000");

        JsonNode line = JSON.readTree(eventually(one -> one.contains("The store is away")));

        assertThat(line.path("level").asString()).isEqualTo("WARN");
        assertObjectsWithoutSecrets();
    }

    @Test
    void onThisMachineTheLogIsForPeople() throws Exception {
        start(Map.of(), "consume", "--generation", "20260205010000");

        assertThat(eventually(line -> line.contains("The store is away")))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z WARN .*");
        assertThat(Files.readString(log())).doesNotContain(SECRETS.values());
    }

    @Test
    void anotherFormatIsWrongUse() throws Exception {
        start(Map.of("TXLOOKUP_LOG", "xml"), "consume", "--generation", "20260205010000");

        assertThat(service.waitFor()).isEqualTo(4);
        assertThat(Files.readString(log())).contains("TXLOOKUP_LOG: saw xml, wanted text or json");
    }

    @Test
    void aFailureThatEndsAServiceIsAnObjectWithItsException() throws Exception {
        start(
                Map.of("TXLOOKUP_LOG", "json"),
                "consume",
                "--generation",
                "20260205010000",
                "--set",
                "consumer.bindAddress=no.such.host.invalid");

        assertThat(service.waitFor()).isNotZero();
        JsonNode line = JSON.readTree(Files.readAllLines(log()).get(0));
        assertThat(line.path("level").asString()).isEqualTo("ERROR");
        assertThat(line.path("exception").asString()).contains("UnknownHostException");
        assertObjectsWithoutSecrets();
    }
}

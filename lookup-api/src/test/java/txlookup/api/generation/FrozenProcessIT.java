package txlookup.api.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.ApiGenerations.NEW;
import static txlookup.api.ApiGenerations.OLD;
import static txlookup.api.generation.ServingSwitchIT.generation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import txlookup.api.ApiGenerations;
import txlookup.api.RunningApi;
import txlookup.api.SeparateApi;
import txlookup.local.testing.TestDatabase;

/** A process, or a part of it, that slept through a switch does not answer from the past when it wakes. */
class FrozenProcessIT {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void aProcessThatWasFrozenThroughASwitchAndARetirementAnswersRightlyWhenItWakes() throws Exception {
        TestDatabase database = ApiGenerations.database();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SeparateApi.class.getName(),
                        database.jdbcUrl(),
                        database.user())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            process.getOutputStream().write((database.password() + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            int port = SeparateApi.port(output);
            RunningApi.awaitPrepared(database, NEW);
            assertThat(generation(client.send(lookup(port), HttpResponse.BodyHandlers.ofString())))
                    .isEqualTo(OLD);

            signal("STOP", process.pid());
            // The kernel takes the request all the same.
            CompletableFuture<HttpResponse<String>> asked =
                    client.sendAsync(lookup(port), HttpResponse.BodyHandlers.ofString());
            RunningApi.serve(database, NEW);
            ApiGenerations.state(database, OLD, "RETIRED");
            ApiGenerations.execute(database, "DROP SCHEMA g%d CASCADE".formatted(OLD));
            Thread.sleep(ServingReader.LEASE.plusSeconds(1).toMillis());
            assertThat(asked).isNotDone();
            signal("CONT", process.pid());

            assertRight(asked.get(30, TimeUnit.SECONDS));
            for (int again = 0; again < 20; again++) {
                assertRight(client.send(lookup(port), HttpResponse.BodyHandlers.ofString()));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aReaderThatHangsIsNotBelieved() throws Exception {
        TestDatabase database = ApiGenerations.database();
        try (RunningApi api = RunningApi.start(database, settings -> settings)) {
            RunningApi.awaitPrepared(database, NEW);
            long backend = ApiGenerations.number(
                    database,
                    "SELECT pid FROM pg_stat_activity WHERE application_name = 'txlookup-api serving' AND datname = current_database()");
            signal("STOP", backend);
            try {
                RunningApi.serve(database, NEW);
                Thread.sleep(ServingReader.LEASE.plusMillis(300).toMillis());

                for (int again = 0; again < 20; again++) {
                    assertRight(api.get("/admin/tx/TX-1"));
                }
            } finally {
                signal("CONT", backend);
            }
        }
    }

    private static void assertRight(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(generation(answer)).isEqualTo(NEW);
        assertThat(answer.body()).contains("\"amount\":\"2.00\"");
    }

    private static HttpRequest lookup(int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin/tx/TX-1"))
                .build();
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).as("kill -%s %d", name, pid).isZero();
    }
}

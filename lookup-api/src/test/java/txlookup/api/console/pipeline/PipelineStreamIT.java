package txlookup.api.console.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;

/** A stream that could not be audited was never one: nothing of it is left behind. */
class PipelineStreamIT {
    private final HttpClient client = HttpClient.newHttpClient();
    private RunningApi api;

    @BeforeEach
    void start() {
        LookupApiSettings.Audit hasty = new LookupApiSettings.Audit(1_000, 500, Duration.ofMillis(500));
        api = RunningApi.start(settings -> Changed.audit(settings, hasty));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void watchersThatWereNotAuditedAreNotKept() throws IOException, InterruptedException {
        api.execute("ALTER TABLE bo.audit RENAME TO audit_away");
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int page = 0; page <= Watchers.MOST; page++) {
            asked.add(client.sendAsync(stream(), HttpResponse.BodyHandlers.ofString()));
        }
        assertThat(asked)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(503));

        api.execute("ALTER TABLE bo.audit_away RENAME TO audit");
        HttpResponse<Stream<String>> stream = client.send(stream(), HttpResponse.BodyHandlers.ofLines());
        assertThat(stream.statusCode()).isEqualTo(200);
        try (Stream<String> lines = stream.body()) {
            assertThat(lines.limit(5).toList()).contains("event:panel");
        }
    }

    private HttpRequest stream() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/pipeline/stream".formatted(api.port())))
                .timeout(Duration.ofSeconds(30))
                .build();
    }
}

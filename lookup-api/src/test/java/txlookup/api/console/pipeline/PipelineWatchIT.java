package txlookup.api.console.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;

/** All who watch the pipeline share one look at the store. */
class PipelineWatchIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void whoWaitsForAnotherLookIsAnsweredWhileThatOneStillWaits() throws Exception {
        try (RunningApi api = RunningApi.start(PipelineWatchIT::patient);
                Connection holding = api.database().connect();
                Statement statement = holding.createStatement()) {
            holding.setAutoCommit(false);
            statement.execute("LOCK TABLE bo.generation_transition IN ACCESS EXCLUSIVE MODE");
            List<CompletableFuture<HttpResponse<String>>> both =
                    Stream.of(ask(api), ask(api)).toList();

            HttpResponse<?> first = (HttpResponse<?>) CompletableFuture.anyOf(both.toArray(CompletableFuture[]::new))
                    .get(15, TimeUnit.SECONDS);
            assertThat(first.statusCode()).isEqualTo(503);
            assertThat(both).filteredOn(CompletableFuture::isDone).hasSize(1);

            holding.rollback();
            assertThat(both.stream().map(answer -> answer.join().statusCode())).containsExactlyInAnyOrder(200, 503);
        }
    }

    private CompletableFuture<HttpResponse<String>> ask(RunningApi api) {
        URI page = URI.create("http://127.0.0.1:%d/pipeline".formatted(api.port()));
        return client.sendAsync(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static LookupApiSettings patient(LookupApiSettings settings) {
        LookupApiSettings.Database database = settings.database();
        return Changed.database(
                settings,
                new LookupApiSettings.Database(
                        database.jdbcUrl(), database.user(), database.password(), database.poolSize(), LONG, LONG));
    }
}

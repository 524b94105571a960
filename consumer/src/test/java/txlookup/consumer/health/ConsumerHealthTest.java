package txlookup.consumer.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import txlookup.consumer.telemetry.StoreHealth;
import txlookup.consumer.worker.StoreTurns;

/** {@code /health} is what a supervisor restarts by: it must not be 200 while nothing is polled any more. */
class ConsumerHealthTest {
    private static final Duration NEVER = Duration.ofDays(1);

    @Test
    void itIsAliveWhileRoundsAreMade() throws Exception {
        assertThat(asked(health(NEVER), "/health")).isEqualTo("200 alive\n");
    }

    @Test
    void aPollingThreadThatStandsIsNotAlive() throws Exception {
        ConsumerHealth health = health(Duration.ofMillis(1));
        Thread.sleep(10);
        assertThat(asked(health, "/health")).isEqualTo("503 the polling thread made no round for 0 s\n");
        assertThat(asked(health, "/ready")).startsWith("503 the polling thread made no round");
    }

    @Test
    void aPollingThreadThatEndedIsNotAlive() throws Exception {
        ConsumerHealth health = health(NEVER);
        health.ended();
        assertThat(asked(health, "/health")).isEqualTo("503 the polling thread has ended\n");
    }

    @Test
    void itIsReadyOnceSomethingIsAssigned() throws Exception {
        ConsumerHealth health = health(NEVER);
        assertThat(asked(health, "/ready")).isEqualTo("503 no partitions assigned yet\n");
        health.assigned();
        assertThat(asked(health, "/ready")).isEqualTo("200 ready\n");
    }

    private static ConsumerHealth health(Duration longestRound) {
        return new ConsumerHealth(Map.of(), new StoreHealth(), new StoreTurns(1), longestRound);
    }

    private static String asked(ConsumerHealth health, String path) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ConsumerEndpoint endpoint =
                new ConsumerEndpoint(anyPort, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), () -> health)) {
            endpoint.start();
            URI address = URI.create("http://127.0.0.1:%d%s".formatted(endpoint.port(), path));
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }
}

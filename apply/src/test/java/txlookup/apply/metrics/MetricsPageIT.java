package txlookup.apply.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.entry;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsPageIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String TEXT = """
            # HELP seconds How long it took
            # TYPE seconds histogram
            seconds_bucket{partition="0",topic="a} b",le="0.005"} 1
            seconds_bucket{partition="0",topic="a} b",le="1.0E1"} 2.0
            seconds_bucket{partition="0",topic="a} b",le="+Inf"} 4
            seconds_bucket{partition="1",topic="a} c",le="0.005"} 10
            seconds_bucket{partition="1",topic="a} c",le="1.0E1"} 20
            seconds_bucket{partition="1",topic="a} c",le="+Inf"} 1.0e+02
            seconds_count{partition="0",topic="a} b"} 4
            # TYPE lag gauge
            lag{partition="0"} NaN
            lag{partition="1"} 7
            lag{partition="2"} 5
            idle NaN
            """;

    private HttpServer process;
    private int status = 200;
    private String text = TEXT;

    @BeforeEach
    void start() throws IOException {
        process = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        process.createContext("/metrics", exchange -> {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        process.start();
    }

    @AfterEach
    void stop() {
        process.stop(0);
    }

    @Test
    void everySampleIsASeriesAndNoCommentIs() throws Exception {
        MetricsPage page = scrape();

        assertThat(page.samples()).hasSize(11);
        assertThat(page.has("seconds_bucket")).isTrue();
        assertThat(page.has("idle")).isTrue();
        assertThat(page.has("seconds")).isFalse();
        assertThat(page.has("TYPE")).isFalse();
    }

    @Test
    void aHistogramIsSummedOverTheLabelsThatAreAskedFor() throws Exception {
        assertThat(scrape().histogram("seconds", "topic", "a}"))
                .containsExactly(entry(0.005, 11.0), entry(10.0, 22.0), entry(Double.POSITIVE_INFINITY, 104.0));
        assertThat(scrape().histogram("seconds", "topic", "a} b"))
                .containsExactly(entry(0.005, 1.0), entry(10.0, 2.0), entry(Double.POSITIVE_INFINITY, 4.0));
        assertThat(scrape().histogram("minutes", "topic", "a")).isEmpty();
    }

    @Test
    void aSumLeavesOutWhatHasNoNumber() throws Exception {
        assertThat(scrape().sum("lag")).hasValue(12);
        assertThat(scrape().sum("idle")).isEmpty();
        assertThat(scrape().sum("none")).isEmpty();
    }

    @Test
    void aProcessThatAnswersSomethingElseIsNoScrape() {
        status = 503;
        assertThatIOException().isThrownBy(this::scrape).withMessageContaining("answers with status 503");

        status = 200;
        text = "<html>not found</html>\n";
        assertThatIOException().isThrownBy(this::scrape).withMessageContaining("no line of Prometheus' text format");
    }

    @Test
    void aProcessThatIsAwayIsNoScrape() {
        process.stop(0);

        assertThatIOException().isThrownBy(this::scrape);
    }

    private MetricsPage scrape() throws IOException, InterruptedException {
        URI address = URI.create(
                "http://127.0.0.1:%d/metrics".formatted(process.getAddress().getPort()));
        return MetricsPage.scrape(address, TIMEOUT);
    }
}

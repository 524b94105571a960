package txlookup.rebuild.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.rebuild.FakeProcess;

class PrometheusTextIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TEXT = """
            # HELP seconds How long it took
            # TYPE seconds histogram
            seconds_bucket{partition="0",topic="a} b",le="0.005"} 1
            seconds_bucket{partition="0",topic="a} b",le="1.0E1"} 2.0
            seconds_bucket{partition="0",topic="a} b",le="+Inf"} 4
            seconds_bucket{partition="1",topic="a} b",le="0.005"} 10
            seconds_bucket{partition="1",topic="a} b",le="1.0E1"} 20
            seconds_bucket{partition="1",topic="a} b",le="+Inf"} 1.0e+02
            seconds_count{partition="0",topic="a} b"} 4
            # TYPE lag gauge
            lag NaN
            """;

    private FakeProcess process;

    @BeforeEach
    void start() throws IOException {
        process = new FakeProcess().answers("/metrics", 200, TEXT);
    }

    @AfterEach
    void stop() {
        process.close();
    }

    @Test
    void everySampleIsASeriesAndNoCommentIs() throws Exception {
        PrometheusText text = PrometheusText.scrape(process.at("/metrics"), PATIENCE);

        assertThat(text.series()).isEqualTo(8);
        assertThat(text.has("seconds_bucket")).isTrue();
        assertThat(text.has("lag")).isTrue();
        assertThat(text.has("seconds")).isFalse();
        assertThat(text.has("TYPE")).isFalse();
    }

    @Test
    void aHistogramIsSummedOverItsLabels() throws Exception {
        PrometheusText text = PrometheusText.scrape(process.at("/metrics"), PATIENCE);

        assertThat(text.histogram("seconds"))
                .containsExactly(entry(0.005, 11.0), entry(10.0, 22.0), entry(Double.POSITIVE_INFINITY, 104.0));
        assertThat(text.histogram("minutes")).isEmpty();
    }

    @Test
    void aProcessThatAnswersSomethingElseIsNoScrape() {
        process.answers("/metrics", 503, TEXT);

        assertThatIOException()
                .isThrownBy(() -> PrometheusText.scrape(process.at("/metrics"), PATIENCE))
                .withMessage("status 503");
    }

    @Test
    void aProcessThatIsAwayIsNoScrape() {
        URI address = process.at("/metrics");
        process.close();

        assertThatIOException().isThrownBy(() -> PrometheusText.scrape(address, PATIENCE));
    }
}

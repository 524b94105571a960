package txlookup.rebuild.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.rebuild.FakeProcess;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.steps.StepFailure;

class MonitoringIT {
    private static final String FRESHNESS = "txlookup_freshness_seconds_bucket{le=\"+Inf\"} 1\n";
    private static final String RECORDS = "txlookup_consumer_records_total{result=\"applied\"} 1\n";
    private static final String LAG = "txlookup_consumer_lag_records{partition=\"0\"} 0\n";
    private static final String REQUESTS = "txlookup_api_request_seconds_bucket{le=\"+Inf\"} 1\n";

    private FakeProcess process;

    @BeforeEach
    void start() throws IOException {
        process = new FakeProcess()
                .answers("/consumer", 200, FRESHNESS + RECORDS + LAG)
                .answers("/api", 200, REQUESTS);
    }

    @AfterEach
    void stop() {
        process.close();
    }

    @Test
    void allSeriesOfAllProcessesAreCounted() throws Exception {
        assertThat(new Monitoring(Map.of("consumer", process.at("/consumer"), "api", process.at("/api")))
                        .requireSeries())
                .isEqualTo(4);
    }

    @Test
    void aMissingSeriesAndAnUnreachableProcessAreNamedTogether() throws Exception {
        process.answers("/consumer", 200, RECORDS);
        URI away;
        try (FakeProcess ended = new FakeProcess()) {
            away = ended.at("/api");
        }

        assertThatExceptionOfType(StepFailure.class)
                .isThrownBy(
                        () -> new Monitoring(Map.of("consumer", process.at("/consumer"), "api", away)).requireSeries())
                .withMessageContaining("consumer has no txlookup_freshness_seconds_bucket")
                .withMessageContaining("consumer has no txlookup_consumer_lag_records")
                .withMessageContaining("api cannot be scraped at " + away)
                .satisfies(failure -> {
                    assertThat(failure.failureCause()).isEqualTo(FailureCause.MONITORING_FAILED);
                    assertThat(failure.getMessage()).doesNotContain("records_total");
                });
    }

    @Test
    void aProcessThatAnswersWithAnErrorIsNamedWithItsStatus() {
        process.answers("/api", 500, REQUESTS);

        assertThatExceptionOfType(StepFailure.class)
                .isThrownBy(() -> new Monitoring(Map.of("api", process.at("/api"))).requireSeries())
                .withMessageContaining("api cannot be scraped")
                .withMessageContaining("status 500");
    }
}

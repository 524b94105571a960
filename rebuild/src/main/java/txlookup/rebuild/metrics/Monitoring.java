package txlookup.rebuild.metrics;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import txlookup.apply.metrics.MetricsPage;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.steps.StepFailure;

/** Checks that what gates and alerts are made from can be scraped (docs/policy.md, Gates 4). */
public final class Monitoring {
    private static final Map<String, List<String>> WANTED = Map.of(
            "consumer",
            List.of(
                    "txlookup_freshness_seconds_bucket",
                    "txlookup_consumer_records_total",
                    "txlookup_consumer_lag_records"),
            "api",
            List.of("txlookup_api_request_seconds_bucket"));

    private final Map<String, URI> processes;

    public Monitoring(Map<String, URI> processes) {
        this.processes = processes;
    }

    /** Answers how many series there are; throws, naming every process and series that is missing. */
    public int requireSeries() throws InterruptedException {
        List<String> missing = new ArrayList<>();
        int series = 0;
        for (Map.Entry<String, URI> process : processes.entrySet()) {
            try {
                MetricsPage metrics = MetricsPage.scrape(process.getValue(), Duration.ofSeconds(5));
                series += metrics.samples().size();
                for (String wanted : WANTED.getOrDefault(process.getKey(), List.of())) {
                    if (!metrics.has(wanted)) {
                        missing.add("%s has no %s".formatted(process.getKey(), wanted));
                    }
                }
            } catch (IOException e) {
                missing.add("%s cannot be scraped at %s: %s"
                        .formatted(process.getKey(), process.getValue(), e.getMessage()));
            }
        }
        if (!missing.isEmpty()) {
            throw new StepFailure(
                    FailureCause.MONITORING_FAILED, String.join("; ", missing), "look at the process's log", null);
        }
        return series;
    }
}

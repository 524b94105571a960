package txlookup.gate.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import txlookup.gate.evaluate.Evaluation;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.SloResult;
import txlookup.gate.evaluate.Verdict;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.report.SloReportFormat;

/** The gate, its canary and the consumer see all that they have to on Event Hubs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("nightly")
class EventHubsGateIT {
    private LiveEnvironment live;

    @BeforeAll
    void start() throws Exception {
        live = LiveEnvironment.onEventHubs();
    }

    @AfterAll
    void stop() throws Exception {
        if (live != null) {
            live.stop();
        }
    }

    @Test
    void everyReadingOfTheLogIsThereThoughTheBrokerDoesNotTellItsRetention() throws Exception {
        SloFile objectives = LiveEnvironment.objectives();
        List<ObservationSource> sources = live.sources(
                live.apiAddress().resolve("/metrics"), live.consumerAddress().resolve("/metrics"));
        GateReport report;
        try {
            report = Evaluation.of(
                    new GateRun(live.environment(), objectives, sources)
                            .observe(Duration.ofSeconds(3), Duration.ofMillis(250), left -> live.publish(20, true)),
                    objectives);
        } finally {
            sources.forEach(ObservationSource::close);
        }

        assertThat(report.findings())
                .as(SloReportFormat.TEXT.write(report))
                .filteredOn(finding -> finding.verdict() == Verdict.NO_DATA)
                .isEmpty();
        assertThat(report.findings())
                .as(SloReportFormat.TEXT.write(report))
                .filteredOn(finding -> List.of("freshness-time", "headroom", "freshness-events")
                        .contains(finding.objective()))
                .extracting(SloResult::verdict)
                .isNotEmpty()
                .containsOnly(Verdict.PASS);
    }
}

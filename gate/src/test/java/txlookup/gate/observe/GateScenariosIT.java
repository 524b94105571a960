package txlookup.gate.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.metrics.MetricsText;
import txlookup.gate.alerts.GeneratedAlerts;
import txlookup.gate.alerts.MetricNames;
import txlookup.gate.evaluate.Evaluation;
import txlookup.gate.evaluate.GateReport;
import txlookup.gate.evaluate.SloResult;
import txlookup.gate.evaluate.Verdict;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.canary.CanaryMarkers;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.StoreReadings;
import txlookup.gate.report.SloReportFormat;

/** The gate passes a healthy environment, and names what is wrong with a broken one. Each fault is real and is mended again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@Tag("nightly")
class GateScenariosIT {
    private static final Duration OBSERVED = Duration.ofSeconds(3);
    private static final Duration EVERY = Duration.ofMillis(250);

    private LiveEnvironment live;
    private SloFile objectives;

    @BeforeAll
    void start() throws Exception {
        live = new LiveEnvironment();
        objectives = LiveEnvironment.objectives();
    }

    @AfterAll
    void stop() throws Exception {
        live.stop();
    }

    private interface During {
        void at(int instant) throws Exception;
    }

    private GateReport run() throws Exception {
        return run(metricsOf(live.apiAddress()), metricsOf(live.consumerAddress()), true, instant -> {});
    }

    /** Observes under traffic; {@code during} is called at every instant. */
    private GateReport run(URI api, URI consumer, boolean withOrders, During during) throws Exception {
        List<ObservationSource> sources = live.sources(api, consumer);
        AtomicInteger instant = new AtomicInteger();
        try {
            Observation observation = new GateRun(live.environment(), objectives, sources)
                    .observe(OBSERVED, EVERY, left -> {
                        live.publish(20, withOrders);
                        try {
                            during.at(instant.getAndIncrement());
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    });
            return Evaluation.of(observation, objectives);
        } finally {
            sources.forEach(ObservationSource::close);
        }
    }

    private static URI metricsOf(URI service) {
        return service.resolve("/metrics");
    }

    private static List<String> names(GateReport report, Verdict verdict) {
        return report.findings().stream()
                .filter(finding -> finding.verdict() == verdict)
                .map(SloResult::name)
                .toList();
    }

    private Observation nothing() {
        return new Recorder(live.environment(), objectives, Instant.EPOCH).finish(Instant.EPOCH);
    }

    /** What failed but for the latency, which a busy machine may miss in any of these tests. */
    private static List<String> failed(GateReport report) {
        return names(report, Verdict.FAIL).stream()
                .filter(name -> !name.startsWith("api-latency"))
                .toList();
    }

    private static String text(GateReport report) {
        return SloReportFormat.TEXT.write(report);
    }

    private static SloResult finding(GateReport report, Predicate<SloResult> which) {
        return report.findings().stream().filter(which).findFirst().orElseThrow();
    }

    @Test
    @Order(1)
    void aHealthyEnvironmentPasses() throws Exception {
        AtomicReference<GateReport> last = new AtomicReference<>();
        // On a machine that is busy with other things the first runs may honestly be too slow.
        LiveEnvironment.eventually("a healthy environment passes", () -> {
            last.set(run());
            return last.get().exitCode() == 0;
        });

        assertThat(names(last.get(), Verdict.PASS))
                .as(text(last.get()))
                .contains(
                        "coverage",
                        "headroom",
                        "pairs",
                        "migration-head",
                        "smoke",
                        "dead-letters",
                        "freshness-time",
                        "freshness-canary",
                        "canary-lost");
    }

    @Test
    @Order(2)
    void markersAreMeasuredOnEveryPartitionAndReachNoTableOfData() throws Exception {
        live.awaitQuiet();
        String rows =
                "SELECT (SELECT count(*) FROM ledger_entry) + (SELECT count(*) FROM payment_order) + (SELECT count(*) FROM dead_letter)";
        long before = live.number(rows);
        long markersBefore = live.number("SELECT sum(markers) FROM coverage");

        Observation seen = observeMarkers(Duration.ofSeconds(10));

        assertThat(seen.samples())
                .filteredOn(series -> series.name().equals("canary_seconds"))
                .hasSize(4)
                .allSatisfy(series -> assertThat(series.points()).hasSizeGreaterThanOrEqualTo(8));
        GateReport report = Evaluation.of(seen, objectives);
        assertThat(finding(report, one -> one.objective().equals("canary-lost")).verdict())
                .as(text(report))
                .isEqualTo(Verdict.PASS);
        assertThat(live.number(rows)).isEqualTo(before);
        assertThat(live.number("SELECT sum(markers) FROM coverage")).isGreaterThanOrEqualTo(markersBefore + 4 * 8);
        assertThat(
                        live.number(
                                "SELECT count(*) FROM coverage WHERE consumed <> applied + stale + duplicate + dead OR consumed + markers <> next_position - start_position"))
                .isZero();
    }

    @Test
    @Order(2)
    void markersOfAStalledPartitionAreLostAndItIsNamed() throws Exception {
        try (Connection connection = live.connect();
                Statement statement = connection.createStatement()) {
            lockPartition(statement, live.ledger, 1);

            GateReport report = Evaluation.of(observeMarkers(Duration.ofSeconds(1)), objectives);

            assertThat(finding(report, one -> one.objective().equals("canary-lost")))
                    .as(text(report))
                    .satisfies(lost -> {
                        assertThat(lost.verdict()).isEqualTo(Verdict.FAIL);
                        assertThat(lost.reason())
                                .contains(live.ledger + "-1 lost", "marker 1: not visible in time")
                                .doesNotContain(live.ledger + "-0", live.orders);
                    });
            connection.rollback();
        }
        live.awaitQuiet();
    }

    /** Markers alone, for two seconds. */
    private Observation observeMarkers(Duration deadline) throws Exception {
        try (CanaryMarkers markers = live.markers(deadline);
                StoreReadings store = live.storeReadings()) {
            return new GateRun(live.environment(), objectives, List.of(store, markers))
                    .observe(Duration.ofSeconds(2), EVERY, left -> {});
        }
    }

    @Test
    @Order(2)
    void withoutMarkersThereIsNoDataAndTheReason() throws Exception {
        try (StoreReadings store = live.storeReadings()) {
            Observation seen = new GateRun(live.environment(), objectives, List.of(store))
                    .observe(Duration.ofMillis(10), EVERY, left -> {});

            assertThat(finding(Evaluation.of(seen, objectives), one -> one.objective()
                                    .equals("canary-lost"))
                            .reason())
                    .isEqualTo("no data: no marker events are sent (markers are sent with --drive or --canary)");
        }
    }

    @Test
    @Order(2)
    void whatAlertsAndDashboardAreMadeOfIsExposed() throws Exception {
        ServiceHttp http = new ServiceHttp(Optional::empty);
        String exposed = http.get(metricsOf(live.apiAddress())).body()
                + http.get(metricsOf(live.consumerAddress())).body()
                + SloReportFormat.OPENMETRICS.write(Evaluation.of(nothing(), SloFile.shipped()));
        TreeSet<String> missing = new TreeSet<>(MetricNames.in(new GeneratedAlerts(SloFile.shipped())));
        missing.removeIf(name -> exposed.contains("\n" + name + "{") || exposed.contains("\n" + name + " "));

        assertThat(missing).isEmpty();
    }

    @Test
    @Order(3)
    void aSlowDatabaseFailsTheLatency() throws Exception {
        AtomicBoolean slow = new AtomicBoolean(true);
        AtomicReference<CompletableFuture<Void>> locking = new AtomicReference<>();
        GateReport report;
        try {
            report = run(metricsOf(live.apiAddress()), metricsOf(live.consumerAddress()), true, instant -> {
                if (instant == 0) {
                    locking.set(CompletableFuture.runAsync(() -> lockWhile(slow)));
                }
            });
        } finally {
            slow.set(false);
        }

        assertThat(names(report, Verdict.FAIL))
                .as(text(report))
                .contains("api-latency-client /admin/tx/{tx_id}", "api-latency /admin/tx/{tx_id}");
        assertThat(report.exitCode()).isEqualTo(1);
        locking.get().join();
        live.awaitQuiet();
    }

    /** Every lookup of that time waits. */
    private void lockWhile(AtomicBoolean slow) {
        try (Connection connection = live.connect();
                Statement statement = connection.createStatement()) {
            while (slow.get()) {
                statement.execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE");
                Thread.sleep(1500);
                connection.rollback();
                Thread.sleep(20);
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(4)
    void aStalledPartitionOfFourFailsTheFreshnessOfTheTimeThoughTheOthersFlow() throws Exception {
        try (Connection connection = live.connect();
                Statement statement = connection.createStatement()) {
            lockPartition(statement, live.ledger, 1);
            live.publish(20, true);
            Thread.sleep(6000);

            GateReport report = run();

            assertThat(names(report, Verdict.FAIL)).as(text(report)).contains("freshness-time", "canary-lost");
            assertThat(names(report, Verdict.PASS)).contains("freshness-events " + live.orders);
            assertThat(finding(report, one -> one.objective().equals("freshness-time"))
                            .reason())
                    .contains(live.ledger + "-1");
            connection.rollback();
        }
        live.awaitQuiet();
    }

    /** Its batches wait for the row that they have to move; the other partitions have rows of their own. */
    private static void lockPartition(Statement statement, String topic, int partition) throws Exception {
        statement.execute(
                "SELECT 1 FROM coverage WHERE name = '%s' AND partition = %d FOR UPDATE".formatted(topic, partition));
    }

    @Test
    @Order(5)
    void anIdleTopicIsNoData() throws Exception {
        GateReport report = run(metricsOf(live.apiAddress()), metricsOf(live.consumerAddress()), false, instant -> {});

        assertThat(names(report, Verdict.NO_DATA)).as(text(report)).containsExactly("freshness-events " + live.orders);
        assertThat(failed(report)).isEmpty();
    }

    @Test
    @Order(6)
    void threePercentOf5xxFailTheErrors() throws Exception {
        // Beside every answer of the real service, so many more that 3 in 100 are failures.
        try (AlteredMetrics altered = new AlteredMetrics(metricsOf(live.apiAddress()), text -> {
            double answers = MetricsText.parse(text).stream()
                    .filter(sample -> sample.name().equals("txlookup_api_request_seconds_count"))
                    .filter(sample -> sample.labels().get("route").startsWith("/admin/"))
                    .mapToDouble(MetricsText.Sample::value)
                    .sum();
            return text
                    + "txlookup_api_request_seconds_count{route=\"/admin/tx/{tx_id}\",status=\"503\"} %s\n"
                            .formatted(answers * 0.03 / 0.97);
        })) {
            GateReport report = run(altered.address(), metricsOf(live.consumerAddress()), true, instant -> {});

            assertThat(failed(report)).as(text(report)).containsExactly("api-errors");
            assertThat(report.exitCode()).isEqualTo(1);
        }
    }

    @Test
    @Order(7)
    void oneDeadLetterFails() throws Exception {
        GateReport report = run(metricsOf(live.apiAddress()), metricsOf(live.consumerAddress()), true, instant -> {
            if (instant == 1) {
                live.publishRubbish();
            }
        });

        assertThat(failed(report)).as(text(report)).containsExactly("dead-letters", "dead-letters-new");
        live.execute("UPDATE dead_letter SET state = 'DISCARDED'");
    }

    @Test
    @Order(8)
    void aMetricsEndpointThatStopsIsNoDataAndNoPass() throws Exception {
        try (AlteredMetrics stopped = new AlteredMetrics(metricsOf(live.consumerAddress()), text -> text)) {
            GateReport report = run(metricsOf(live.apiAddress()), stopped.address(), true, instant -> {
                if (instant == 1) {
                    stopped.stop();
                }
            });

            assertThat(names(report, Verdict.NO_DATA))
                    .as(text(report))
                    .containsExactly(
                            "freshness-events " + live.ledger,
                            "freshness-events " + live.orders,
                            "partition-progress",
                            "dead-letters-new");
            assertThat(failed(report)).isEmpty();
        }
    }

    @Test
    @Order(9)
    void anEditedMigrationFails() throws Exception {
        live.execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '2'");
        try {
            GateReport report = run();

            assertThat(failed(report)).as(text(report)).containsExactly("migration-head");
        } finally {
            live.execute("UPDATE flyway_schema_history SET checksum = checksum - 1 WHERE version = '2'");
        }
    }

    @Test
    @Order(10)
    void aTruncatedLogIsAGap() throws Exception {
        try (Connection connection = live.connect();
                Statement statement = connection.createStatement()) {
            lockPartition(statement, live.ledger, 0);

            GateReport report = run(metricsOf(live.apiAddress()), metricsOf(live.consumerAddress()), true, instant -> {
                if (instant == 1) {
                    live.truncate(live.ledger, 0);
                }
            });

            assertThat(names(report, Verdict.FAIL)).as(text(report)).contains("coverage", "headroom");
            assertThat(finding(report, one -> one.objective().equals("coverage"))
                            .reason())
                    .contains(live.ledger + "-0 lost offsets");
            assertThat(report.exitCode()).isEqualTo(3);
            connection.rollback();
        }
    }
}

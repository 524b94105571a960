package txlookup.azure.destroy.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.PlanFile;
import txlookup.azure.destroy.plan.RebuildProbe.Finding;
import txlookup.azure.destroy.plan.RebuildReadiness;
import txlookup.azure.destroy.plan.RebuildSource;
import txlookup.profiles.events.EventProfiles;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.BackfillSource;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/** An extract is only one when a backfill could load it; whatever a backfill takes is one. */
class RebuildReadinessIT {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration RETENTION = Duration.ofHours(72);
    private static final Duration MARGIN = Duration.ofHours(2);

    @TempDir
    private Path folder;

    private Extract extract;

    @BeforeEach
    void makeAnExtract() throws IOException {
        Instant readAt = NOW.minus(Duration.ofHours(1));
        Payments payments = new Payments(1, readAt.minus(Duration.ofHours(1)), 200);
        extract = Extract.write(payments, 0, 200, folder.resolve("extract"), true, readAt);
    }

    @Test
    void filesThatDecodeAreAWayBack() {
        List<Finding> findings = look(files(extract.ledgerEntries(), extract.paymentOrders()), Optional.empty());
        assertThat(findings).allMatch(Finding::holds);
        assertThat(findings.get(0).seen())
                .contains("400 rows sampled", "0 would be dead letters", "2026-11-21T08:00:00Z");
    }

    @Test
    void aFolderIsOneAsForABackfill() throws IOException {
        Path ledger = Files.createDirectory(folder.resolve("ledger"));
        Files.copy(extract.ledgerEntries(), ledger.resolve("one.ndjson.gz"));
        Files.copy(extract.ledgerEntries(), ledger.resolve("two.ndjson.gz"));
        assertThat(look(files(ledger, extract.paymentOrders()), Optional.of(NOW.minusSeconds(3600))))
                .hasSize(4)
                .allMatch(Finding::holds);
    }

    @Test
    void anEmptyFileIsNone() throws IOException {
        Path empty = Files.createFile(folder.resolve("ledger.ndjson"));
        refused(files(empty, null), Optional.of(NOW.minusSeconds(60)), "0 rows sampled");
    }

    @Test
    void rowsThatDoNotDecodeAreNone() throws IOException {
        Path other = Files.writeString(folder.resolve("ledger.csv"), "something,else\n" + "1,2\n".repeat(300));
        refused(files(other, null), Optional.of(NOW.minusSeconds(60)), "300 would be dead letters");
    }

    @Test
    void oneThatNobodySaysTheAgeOfIsNone() throws IOException {
        Path bare = Files.copy(extract.ledgerEntries(), folder.resolve("ledger.ndjson.gz"));
        refused(files(bare, null), Optional.empty(), "nothing says when it was read");
    }

    @Test
    void oneThatIsOlderThanTheLogReachesBackIsNone() throws IOException {
        Path bare = Files.copy(extract.ledgerEntries(), folder.resolve("ledger.ndjson.gz"));
        assertThat(look(files(bare, null), Optional.of(NOW.minus(Duration.ofHours(69)))))
                .allMatch(Finding::holds);
        refused(files(bare, null), Optional.of(NOW.minus(Duration.ofHours(71))), "longer ago than a log of 72 h");
    }

    @Test
    void oneThatIsNotThereOrCanBeReadOnceOnlyIsNone() {
        refused(files(folder.resolve("nowhere.ndjson"), null), Optional.of(NOW), "nowhere.ndjson");
        refused(files(Path.of("-"), null), Optional.of(NOW), "- can be read once only");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNone() throws IOException {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        refused(database("jdbc:postgresql://127.0.0.1:%d/source".formatted(free)), Optional.empty(), "refused");
        refused(database("jdbc:oracle:thin:@//127.0.0.1:1521/source"), Optional.empty(), "driver");
    }

    @Test
    void aPlanKeepsAllOfIt() throws Exception {
        for (BackfillSource source : List.of(files(extract.ledgerEntries(), null), database("jdbc:h2:mem:x"))) {
            RebuildSource from = source(source, Optional.of(NOW));
            Path file = folder.resolve(source.getClass().getSimpleName() + ".json");
            DestroyPlan plan;
            try (Practice practice = Practice.small(folder)) {
                plan = practice.plan("of-nothing-" + file.getFileName()).plan();
            }
            DestroyPlan written = new DestroyPlan(
                    plan.format(),
                    plan.made(),
                    plan.endpoint(),
                    plan.subscriptionName(),
                    plan.target(),
                    plan.early(),
                    plan.retire(),
                    plan.verdicts(),
                    plan.mayAppear(),
                    plan.softDeleted(),
                    plan.locks(),
                    plan.names(),
                    from,
                    plan.findings(),
                    plan.recovery(),
                    plan.nextGroup());
            PlanFile kept = PlanFile.write(written, file);
            assertThat(PlanFile.read(file, kept.confirmation()).plan().rebuildFrom())
                    .isEqualTo(from);
        }
    }

    private static void refused(BackfillSource source, Optional<Instant> asOf, String seen) {
        assertThat(look(source, asOf))
                .filteredOn(finding -> !finding.holds())
                .singleElement()
                .satisfies(finding -> assertThat(finding.seen()).containsIgnoringCase(seen))
                .satisfies(finding -> assertThat(finding.unblock()).isNotBlank());
    }

    private static List<Finding> look(BackfillSource source, Optional<Instant> asOf) {
        return new RebuildReadiness(source(source, asOf), SecretSource.environment(Map.of()), CLOCK).look();
    }

    private static RebuildSource source(BackfillSource source, Optional<Instant> asOf) {
        return new RebuildSource(
                source instanceof BackfillSource.Ndjson files ? files : null,
                source instanceof BackfillSource.Jdbc jdbc ? jdbc : null,
                asOf,
                EventProfiles.load("canonical-v1"),
                Duration.ofHours(1),
                1_000,
                0.01,
                RETENTION,
                MARGIN);
    }

    private static BackfillSource files(Path ledger, Path orders) {
        return new BackfillSource.Ndjson(
                Optional.ofNullable(ledger).map(Path::toString),
                Optional.ofNullable(orders).map(Path::toString));
    }

    private static BackfillSource database(String url) {
        return new BackfillSource.Jdbc(
                url,
                "reader",
                Optional.empty(),
                "public",
                "transaction_ledger",
                "payment_orders",
                Optional.empty(),
                Optional.empty(),
                100);
    }
}

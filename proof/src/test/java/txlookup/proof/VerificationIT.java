package txlookup.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.backfill.source.Input;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.Difference.Outcome;
import txlookup.proof.compare.Findings;
import txlookup.proof.compare.VerificationSettings;
import txlookup.proof.compare.Window;
import txlookup.proof.repair.Repair;
import txlookup.proof.source.InputSide;

/** An extract against a store that differs from it in all ways, while a stream goes on. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class VerificationIT {
    private static final Window WINDOW =
            Window.settled(null, ProofFixture.CUTOVER, ProofFixture.CUTOVER, ProofFixture.SETTLE);

    @TempDir
    private Path folder;

    @Test
    void everyDifferenceIsFoundNoneIsInventedAndARepairEndsThemAllWhileTheStreamGoesOn() throws Exception {
        findAndRepair(6_667, 20);
    }

    @Test
    @Tag("nightly")
    void twoThousandDifferencesInTwoMillionRows() throws Exception {
        findAndRepair(666_700, 400);
    }

    private void findAndRepair(long payments, int ofEachKind) throws Exception {
        List<Input> inputs = ProofFixture.extract(payments, folder);
        InputSide source = ProofFixture.side(inputs);
        VerificationSettings settings = new VerificationSettings(18, 500_000, 100_000, Duration.ofMillis(200));
        try (ProofFixture fixture = new ProofFixture()) {
            fixture.load(inputs);
            Verification verification = new Verification(source, fixture.storeSide, settings);
            Findings clean = timed("clean pass", () -> verification.run(WINDOW));
            assertThat(clean.differences()).isEmpty();

            Map<String, Kind> injected = InjectedDifferences.into(fixture, payments, ofEachKind, 11);
            try (VerifiedTraffic traffic = new VerifiedTraffic(fixture, payments)) {
                long started = System.nanoTime();
                Findings found = timed("find", () -> verification.run(WINDOW));
                assertThat(kinds(found.differences())).isEqualTo(injected);

                Repair repair = new Repair(fixture.connections, verification, source, "test");
                List<Difference> repaired = timed("repair", () -> repair.carryOut(found.differences(), WINDOW));
                assertThat(repaired).noneMatch(Difference::isOpen).allSatisfy(one -> assertThat(one.outcome())
                        .isEqualTo(
                                switch (one.kind()) {
                                    case AHEAD -> Outcome.FOUND;
                                    case EXTRA -> Outcome.QUARANTINED;
                                    case MISSING, STALE, FIELD -> Outcome.REPAIRED;
                                }));

                Findings after = timed("pass after", () -> verification.run(WINDOW));
                List<Difference> known = repair.withQuarantined(after.differences());
                assertThat(known).noneMatch(Difference::isOpen);
                assertThat(known).extracting(Difference::kind).containsOnly(Kind.AHEAD, Kind.EXTRA);
                System.out.printf("all %.1f s%n", (System.nanoTime() - started) / 1e9);
                assertThat(traffic.stop()).isPositive();
            }
            assertThat(fixture.one("SELECT count(*) FROM quarantine WHERE difference = 'EXTRA'"))
                    .isEqualTo(Integer.toString(ofEachKind));
            assertThat(fixture.one("SELECT count(*) FROM quarantine WHERE difference = 'FIELD'"))
                    .isEqualTo(Integer.toString(ofEachKind));
        }
    }

    private static Map<String, Kind> kinds(List<Difference> differences) {
        Map<String, Kind> kinds = new TreeMap<>();
        differences.forEach(one -> kinds.put(one.key(), one.kind()));
        return kinds;
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private static <T> T timed(String name, Work<T> work) throws Exception {
        long started = System.nanoTime();
        T result = work.run();
        System.out.printf("%s %.1f s%n", name, (System.nanoTime() - started) / 1e9);
        return result;
    }
}

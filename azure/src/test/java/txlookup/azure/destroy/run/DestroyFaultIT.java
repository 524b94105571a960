package txlookup.azure.destroy.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import txlookup.azure.destroy.plan.PlanFile;
import txlookup.azure.destroy.run.DestroyReport.Outcome;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.inventory.AzureKind;

/** Every answer of Azure's in turn is replaced by a fault: the end is right, or the report says what is left. */
@Timeout(300)
@Tag("nightly")
class DestroyFaultIT {
    private static final Duration LONGER_THAN_A_REQUEST = Duration.ofMillis(200);
    private static final Duration REQUEST = Duration.ofMillis(100);
    private static final Set<AzureKind> KINDS = EnumSet.of(AzureKind.APPLICATION_INSIGHTS, AzureKind.KEY_VAULT);

    @TempDir
    private Path folder;

    /** What happens at one request. */
    enum Fault {
        THROTTLED,
        SERVER_ERROR,
        SCOPE_LOCKED,
        NOT_FOUND,
        SILENCE_AND_NOT_DONE,
        SILENCE_BUT_DONE,
        KILLED_BEFORE_THE_REQUEST,
        KILLED_AFTER_THE_ANSWER;

        FakeAnswer answer() {
            return switch (this) {
                case THROTTLED -> FakeAnswer.throttled(7);
                case SERVER_ERROR -> FakeAnswer.error(500, "InternalServerError", "Encountered internal server error.");
                case SCOPE_LOCKED -> FakeAnswer.scopeLocked(Practice.GROUP, Practice.GROUP);
                case NOT_FOUND -> FakeAnswer.error(404, "ResourceNotFound", "The Resource was not found.");
                case SILENCE_AND_NOT_DONE -> FakeAnswer.silence(LONGER_THAN_A_REQUEST, false);
                case SILENCE_BUT_DONE -> FakeAnswer.silence(LONGER_THAN_A_REQUEST, true);
                case KILLED_BEFORE_THE_REQUEST, KILLED_AFTER_THE_ANSWER ->
                    throw new IllegalStateException(this + " is no answer");
            };
        }
    }

    /** The process ends at once: nothing is caught, nothing cleaned up. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void theEndIsRightOrTheReportSaysWhatIsLeft(Fault fault) throws Exception {
        int atOnce = 0;
        int afterAnother = 0;
        int request = 1;
        while (true) {
            try (Practice practice = Practice.small(folder, KINDS)) {
                PlanFile plan = practice.plan("%s-%d.json".formatted(fault, request));
                List<String> foreign = practice.foreign();
                AtomicInteger met = inject(practice, fault, request);
                Optional<DestroyReport> first = run(practice, plan);
                boolean reached = met.get() > 0;
                stop(practice);
                if (first.filter(report -> report.outcome() == Outcome.DONE).isPresent()) {
                    atOnce++;
                } else {
                    first.ifPresent(report -> checkReport(fault, report, practice));
                    DestroyReport second = practice.destroy(plan);
                    assertThat(second.outcome())
                            .as("%s at request %d, then once more: %s", fault, met.get(), second.why())
                            .isEqualTo(Outcome.DONE);
                    afterAnother++;
                }
                assertThat(practice.ours())
                        .as("%s at request %d: ours", fault, request)
                        .isEmpty();
                assertThat(practice.azure.deletedVaults())
                        .as("%s at request %d: names held", fault, request)
                        .isEmpty();
                assertThat(practice.foreign())
                        .as("%s at request %d: foreign", fault, request)
                        .isEqualTo(foreign);
                if (!reached) {
                    break;
                }
            }
            request++;
        }
        System.out.printf(
                "%-26s %3d requests in turn: right at once %d, right after the same command again %d%n",
                fault, request - 1, atOnce - 1, afterAnother);
        assertThat(request).isGreaterThan(50);
    }

    private static void checkReport(Fault fault, DestroyReport report, Practice practice) {
        assertThat(report.outcome()).as("%s: %s", fault, report.why()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(report.why()).isNotBlank();
        assertThat(report.next()).contains("same command again");
        assertThat(report.left().stream().filter(left -> !left.startsWith("the name")))
                .as("%s: what the report says is left", fault)
                .containsExactlyInAnyOrderElementsOf(plannedThatAreThere(practice));
    }

    /** What Azure added itself goes with the group and is not of the plan when it came later. */
    private static List<String> plannedThatAreThere(Practice practice) {
        return practice.ours().stream()
                .filter(id -> !id.contains("/providers/microsoft."))
                .toList();
    }

    private static AtomicInteger inject(Practice practice, Fault fault, int request) {
        AtomicInteger met = new AtomicInteger();
        AtomicInteger count = new AtomicInteger();
        if (fault == Fault.KILLED_BEFORE_THE_REQUEST || fault == Fault.KILLED_AFTER_THE_ANSWER) {
            Runnable kill = () -> {
                if (count.incrementAndGet() == request) {
                    met.set(request);
                    throw new Killed();
                }
            };
            if (fault == Fault.KILLED_BEFORE_THE_REQUEST) {
                practice.beforeEachRequest = kill;
            } else {
                practice.afterEachAnswer = call -> kill.run();
            }
        } else {
            if (fault == Fault.SILENCE_AND_NOT_DONE || fault == Fault.SILENCE_BUT_DONE) {
                practice.requestLimit = REQUEST;
            }
            practice.azure.interfere((number, method, path) -> {
                if (number != request) {
                    return Optional.empty();
                }
                met.set(number);
                return Optional.of(fault.answer());
            });
        }
        return met;
    }

    private static void stop(Practice practice) {
        practice.azure.interfere((number, method, path) -> Optional.empty());
        practice.requestLimit = Duration.ofSeconds(5);
        practice.beforeEachRequest = () -> {};
        practice.afterEachAnswer = call -> {};
    }

    private static Optional<DestroyReport> run(Practice practice, PlanFile plan)
            throws IOException, InterruptedException {
        try {
            return Optional.of(practice.destroy(plan));
        } catch (Killed expected) {
            return Optional.empty();
        }
    }
}

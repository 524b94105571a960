package txlookup.azure.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import txlookup.azure.arm.RequestFault;

/** Each request of a deploy and of a roll back meets each fault: the end is right at once or after the same command again. */
@Timeout(300)
class RolloutFaultIT {
    /** By day a fault is at every third request, another third for each fault; by night at each. */
    private static final int BY_DAY = 3;

    private interface Act {
        Decided run(Rollout rollout) throws IOException, InterruptedException;
    }

    @ParameterizedTest
    @EnumSource(RequestFault.class)
    void aDeployEndsRight(RequestFault fault) throws Exception {
        deploy(fault, 1 + fault.ordinal() % BY_DAY, BY_DAY);
    }

    @ParameterizedTest
    @EnumSource(RequestFault.class)
    @Tag("nightly")
    void aDeployEndsRightWhicheverRequestMeetsTheFault(RequestFault fault) throws Exception {
        deploy(fault, 1, 1);
    }

    private static void deploy(RequestFault fault, int first, int step) throws Exception {
        boolean met = true;
        int request = first;
        for (; met; request += step) {
            try (RolloutPractice practice = new RolloutPractice()) {
                met = run(practice, fault, request, rollout -> practice.deploy(rollout, RolloutPractice.SECOND));
                assertThat(practice.azure.served())
                        .as("%s at request %d", fault, request)
                        .containsExactly(RolloutPractice.OF_FIRST, RolloutPractice.OF_SECOND);
                assertThat(practice.passed).as("judged").isNotEmpty();
                assertThat(practice.movedBeforeItPassed).isFalse();
                assertThat(practice.revisions().traffic().labelled(Traffic.PREVIOUS))
                        .contains(RolloutPractice.OF_FIRST);
                assertThat(practice.services.runs(RolloutPractice.OF_FIRST)).isTrue();
            }
        }
        assertThat(request).as("requests").isGreaterThan(15);
    }

    @ParameterizedTest
    @EnumSource(RequestFault.class)
    void aRollBackEndsRight(RequestFault fault) throws Exception {
        rollBack(fault, 1 + fault.ordinal() % BY_DAY, BY_DAY);
    }

    @ParameterizedTest
    @EnumSource(RequestFault.class)
    @Tag("nightly")
    void aRollBackEndsRightWhicheverRequestMeetsTheFault(RequestFault fault) throws Exception {
        rollBack(fault, 1, 1);
    }

    private static void rollBack(RequestFault fault, int first, int step) throws Exception {
        boolean met = true;
        int request = first;
        for (; met; request += step) {
            try (RolloutPractice practice = new RolloutPractice()) {
                practice.deploy(practice.rollout(), RolloutPractice.SECOND);
                met = run(practice, fault, request, Rollout::rollBack);
                assertThat(practice.azure.served())
                        .as("%s at request %d", fault, request)
                        .containsExactly(RolloutPractice.OF_FIRST, RolloutPractice.OF_SECOND, RolloutPractice.OF_FIRST);
            }
        }
        assertThat(request).as("requests").isGreaterThan(8);
    }

    /** Runs it with that fault, and once more where it did not end with GO; answers whether the fault was met. */
    private static boolean run(RolloutPractice practice, RequestFault fault, int request, Act act) throws Exception {
        boolean go;
        boolean met;
        try (RequestFault.Injection injection = fault.at(request, practice.azure)) {
            go = ends(act, practice.rollout(injection.client(practice.waiting)));
            met = injection.isMet();
        }
        if (!go) {
            Decided again = act.run(practice.rollout());
            assertThat(again.verdict())
                    .as("%s at request %d: %s", fault, request, again.reason())
                    .isEqualTo("GO");
        }
        return met;
    }

    private static boolean ends(Act act, Rollout rollout) throws InterruptedException {
        try {
            return act.run(rollout).go();
        } catch (IOException | RequestFault.Killed | IllegalStateException undecided) {
            return false;
        }
    }
}

package txlookup.azure.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.rebuild.platform.GateResult;

/** Another image beside the one that serves: nobody is sent to it before it passed, and everybody can be sent back. */
@Timeout(60)
class RolloutIT {
    private RolloutPractice practice;

    @BeforeEach
    void start() throws Exception {
        practice = new RolloutPractice();
    }

    @AfterEach
    void stop() {
        practice.close();
    }

    @Test
    void anImageThatPassesGetsTheTrafficAndTheEarlierOneStays() throws Exception {
        Decided decided = deploy(RolloutPractice.SECOND);
        assertThat(decided.verdict()).isEqualTo("GO");
        assertThat(practice.azure.served()).containsExactly(RolloutPractice.OF_FIRST, RolloutPractice.OF_SECOND);
        assertThat(traffic().serving()).isEqualTo(RolloutPractice.OF_SECOND);
        assertThat(traffic().labelled(Traffic.PREVIOUS)).contains(RolloutPractice.OF_FIRST);
        assertThat(practice.services.runs(RolloutPractice.OF_FIRST)).isTrue();
        assertThat(practice.prepared()).isEqualTo(1);
        assertThat(practice.secret()).as("what was not named stays").isEqualTo("kept");
        assertThat(decided.gates())
                .extracting(GateResult::gate)
                .containsExactly("smoke hit", "SLO api-errors", "smoke hit through the app's address");
        assertThat(decided.evidence(Map.of("env", "dev"))).isNotNull();
    }

    @Test
    void aRevisionThatIsNotReadyGetsNothingAndStops() throws Exception {
        practice.services.breaks(RolloutPractice.SECOND);
        Decided decided = deploy(RolloutPractice.SECOND);
        assertThat(decided.verdict()).isEqualTo("NO_GO");
        assertThat(decided.reason()).contains(RolloutPractice.OF_SECOND + " is not ready", "503");
        requireUntouched();
    }

    /** Azure takes a used suffix and makes nothing (microsoft/azure-container-apps#650). */
    @Test
    void aStoppedRevisionOfTheSameImageIsStartedAgain() throws Exception {
        practice.services.breaks(RolloutPractice.SECOND);
        deploy(RolloutPractice.SECOND);
        practice.services.mends(RolloutPractice.SECOND);
        assertThat(deploy(RolloutPractice.SECOND).verdict()).isEqualTo("GO");
        assertThat(traffic().serving()).isEqualTo(RolloutPractice.OF_SECOND);
    }

    @Test
    void aGateThatFailsKeepsTheTrafficWhereItIs() throws Exception {
        practice.failing.add("SLO api-errors");
        Decided decided = deploy(RolloutPractice.SECOND);
        assertThat(decided.reason()).contains("SLO api-errors", "5 %", "below 2 %");
        requireUntouched();
    }

    @Test
    void whatFailsThroughTheAppsAddressIsTakenBack() throws Exception {
        Rollout rollout = practice.rollout();
        practice.azure.interfere((number, method, path) -> {
            if (practice.azure.served().contains(RolloutPractice.OF_SECOND) && practice.failing.isEmpty()) {
                practice.failing.add("smoke hit");
            }
            return java.util.Optional.empty();
        });
        Decided decided = practice.deploy(rollout, RolloutPractice.SECOND);
        assertThat(decided.verdict()).isEqualTo("NO_GO");
        assertThat(decided.serving()).isEqualTo(RolloutPractice.OF_FIRST);
        assertThat(practice.azure.served())
                .containsExactly(RolloutPractice.OF_FIRST, RolloutPractice.OF_SECOND, RolloutPractice.OF_FIRST);
    }

    @Test
    void theWayBackOutlivesADeployThatFailed() throws Exception {
        deploy(RolloutPractice.SECOND);
        practice.failing.add("SLO api-errors");
        deploy(RolloutPractice.THIRD);
        assertThat(practice.rollout().rollBack().verdict()).isEqualTo("GO");
        assertThat(traffic().serving()).isEqualTo(RolloutPractice.OF_FIRST);
    }

    @Test
    void atMostTwoRevisionsRun() throws Exception {
        deploy(RolloutPractice.SECOND);
        deploy(RolloutPractice.THIRD);
        assertThat(practice.services.runs(RolloutPractice.OF_FIRST)).isFalse();
        assertThat(practice.services.runs(RolloutPractice.OF_SECOND)).isTrue();
        assertThat(traffic().labelled(Traffic.PREVIOUS)).contains(RolloutPractice.OF_SECOND);
    }

    @Test
    void theSameImageAgainMovesNothing() throws Exception {
        deploy(RolloutPractice.SECOND);
        assertThat(deploy(RolloutPractice.SECOND).verdict()).isEqualTo("GO");
        assertThat(practice.azure.served()).hasSize(2);
        assertThat(practice.prepared()).isEqualTo(1);
    }

    @Test
    void theEarlierRevisionAnswersAgainAndOnlyOnce() throws Exception {
        deploy(RolloutPractice.SECOND);
        Decided decided = practice.rollout().rollBack();
        assertThat(decided.verdict()).isEqualTo("GO");
        assertThat(decided.from().name()).isEqualTo(RolloutPractice.OF_SECOND);
        assertThat(practice.rollout().rollBack().serving()).isEqualTo(RolloutPractice.OF_FIRST);
        practice.rollout().forgetWithdrawn();
        assertThat(practice.services.runs(RolloutPractice.OF_SECOND)).isFalse();
        assertThat(practice.azure.served())
                .containsExactly(RolloutPractice.OF_FIRST, RolloutPractice.OF_SECOND, RolloutPractice.OF_FIRST);
        assertThatThrownBy(() -> practice.rollout().rollBack())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no earlier revision");
    }

    @Test
    void anEarlierRevisionThatDoesNotAnswerIsNoWayBack() throws Exception {
        deploy(RolloutPractice.SECOND);
        practice.services.breaks(RolloutPractice.FIRST);
        Decided decided = practice.rollout().rollBack();
        assertThat(decided.verdict()).isEqualTo("NO_GO");
        assertThat(traffic().serving()).isEqualTo(RolloutPractice.OF_SECOND);
    }

    @Test
    void objectivesThatFailAfterGoingBackAreANoGoAndMoveNothing() throws Exception {
        deploy(RolloutPractice.SECOND);
        practice.failing.add("SLO api-errors");
        Decided decided = practice.rollout().rollBack();
        assertThat(decided.verdict()).isEqualTo("NO_GO");
        assertThat(decided.serving()).isEqualTo(RolloutPractice.OF_FIRST);
        assertThat(traffic().serving()).isEqualTo(RolloutPractice.OF_FIRST);
    }

    private void requireUntouched() throws Exception {
        assertThat(practice.azure.served()).containsExactly(RolloutPractice.OF_FIRST);
        assertThat(traffic().serving()).isEqualTo(RolloutPractice.OF_FIRST);
        assertThat(practice.services.runs(RolloutPractice.OF_SECOND)).isFalse();
    }

    private Decided deploy(String image) throws Exception {
        return practice.deploy(practice.rollout(), image);
    }

    private Traffic traffic() throws Exception {
        return practice.revisions().traffic();
    }
}

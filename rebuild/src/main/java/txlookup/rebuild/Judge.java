package txlookup.rebuild;

import java.util.List;
import txlookup.apply.store.generation.Generation;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.steps.StepFailure;

/** Puts a generation before the platform's gates, one after the other, until one does not hold. */
final class Judge {
    private final List<Platform.Gate> gates;
    private final RebuildListener listener;

    Judge(List<Platform.Gate> gates, RebuildListener listener) {
        this.gates = gates;
        this.listener = listener;
    }

    /**
     * Judges.
     *
     * @param results gets each verdict, also the one that fails
     * @throws StepFailure when a gate does not hold or could not be judged
     */
    void judge(Generation generation, List<GateResult> results) throws InterruptedException {
        for (Platform.Gate gate : gates) {
            List<GateResult> judged = judge(gate, generation);
            judged.forEach(listener::gate);
            results.addAll(judged);
            judged.stream().filter(result -> !result.passed()).findFirst().ifPresent(failed -> {
                throw new StepFailure(
                        gate.cause(),
                        "%s: saw %s, wanted %s".formatted(failed.gate(), failed.measured(), failed.wanted()),
                        gate.unblock(),
                        null);
            });
        }
    }

    private static List<GateResult> judge(Platform.Gate gate, Generation generation) throws InterruptedException {
        try {
            return gate.judge(generation);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            StepFailure.stopIfInterrupted(e);
            throw new StepFailure(gate.cause(), "could not be judged: " + e.getMessage(), gate.unblock(), e);
        }
    }
}

package txlookup.rebuild.evidence;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.StepFailure;

/**
 * How a rebuild ended: GO or NO_GO, never anything between (docs/policy.md, Gates). The last five are null for a GO.
 *
 * @param gates every gate that was judged
 * @param cause the one primary cause
 * @param reason what was seen
 * @param owner who is to act
 * @param retryAfter when to try again, with a new cutover and a new generation
 * @param unblock what has to be done first
 */
public record Decision(
        boolean go,
        List<GateResult> gates,
        @Nullable FailureCause cause,
        @Nullable String reason,
        @Nullable String owner,
        @Nullable Instant retryAfter,
        @Nullable String unblock) {
    public Decision {
        gates = List.copyOf(gates);
    }

    public static Decision go(List<GateResult> gates) {
        return new Decision(true, gates, null, null, null, null, null);
    }

    public static Decision noGo(List<GateResult> gates, StepFailure failure, String owner, Instant retryAfter) {
        return new Decision(
                false, gates, failure.failureCause(), failure.getMessage(), owner, retryAfter, failure.unblock());
    }

    /** {@code GO} or {@code NO_GO}. */
    public String verdict() {
        return go ? "GO" : "NO_GO";
    }
}

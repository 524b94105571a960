package txlookup.azure.revision;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.platform.GateResult;

/**
 * How the move of an app to another revision ended.
 *
 * @param act {@code deploy} or {@code rollback-app}
 * @param go whether the revision that was wanted answers and every gate held
 * @param from what answered when it began
 * @param to what was wanted
 * @param serving what answers now
 * @param reason why not; empty for GO
 */
public record Decided(
        String act,
        boolean go,
        Revision from,
        Revision to,
        String serving,
        List<GateResult> gates,
        String reason,
        Instant started,
        Instant ended) {
    public Decided {
        gates = List.copyOf(gates);
    }

    /** {@code GO} or {@code NO_GO}. */
    public String verdict() {
        return go ? "GO" : "NO_GO";
    }

    /** Its evidence, for the chain. */
    public Bundle.Draft evidence(Map<String, Object> inputs) {
        Map<String, Object> moved = new LinkedHashMap<>();
        moved.put("from", from.name());
        moved.put("fromImage", from.image());
        moved.put("to", to.name());
        moved.put("toImage", to.image());
        moved.put("serving", serving);
        moved.put("started", started);
        moved.put("ended", ended);
        Bundle.Draft draft = new Bundle.Draft(act, to.name(), verdict())
                .add("inputs", inputs)
                .add("revisions", moved);
        gates.forEach(gate -> draft.add("gate", gate));
        return draft.add("decision", Map.of("verdict", verdict(), "reason", reason));
    }
}

package txlookup.rebuild.evidence;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Serving;
import txlookup.profiles.Profile;

/** What a rebuild adds to the chain of evidence. */
public final class RebuildBundle {
    private final Profile profile;
    private List<Anchor> anchors = List.of();
    private @Nullable Instant extractReadAt;
    private @Nullable Serving serving;

    /** Where a partition's stream begins: pinned before the first row is loaded. */
    public record Anchor(String topic, int partition, long startOffset) {}

    public RebuildBundle(Profile profile) {
        this.profile = profile;
    }

    public void pinned(List<Anchor> pinned, @Nullable Instant readAt) {
        anchors = List.copyOf(pinned);
        extractReadAt = readAt;
    }

    public void serves(Serving now) {
        serving = now;
    }

    public Bundle.Draft of(Evidence evidence) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put("profile", profile.origin());
        inputs.put("stage", profile.stage().name());
        inputs.put("owner", profile.naming().owner());
        inputs.put("env", profile.naming().env());
        inputs.put("topics", List.of(profile.ledgerTopic(), profile.paymentOrderTopic()));
        Bundle.Draft draft = new Bundle.Draft(
                        "rebuild",
                        Long.toString(evidence.generation()),
                        evidence.decision().verdict())
                .add("inputs", inputs)
                .add("build", evidence.build())
                .add("generation", generation(evidence));
        evidence.steps().forEach(step -> draft.add("step", step));
        anchors.forEach(anchor -> draft.add("anchor", anchor));
        if (evidence.manifest() != null) {
            draft.add("manifest", evidence.manifest());
        }
        evidence.decision().gates().forEach(gate -> draft.add("gate", gate));
        if (serving != null) {
            draft.add("serving", serving);
        }
        return draft.add("decision", evidence.decision());
    }

    private Map<String, Object> generation(Evidence evidence) {
        Map<String, Object> generation = new LinkedHashMap<>();
        generation.put("generation", evidence.generation());
        generation.put("cutover", evidence.cutover());
        if (extractReadAt != null) {
            generation.put("asOf", extractReadAt);
        }
        generation.put("consumerGroup", evidence.consumerGroup());
        generation.put("started", evidence.started());
        generation.put("ended", evidence.ended());
        return generation;
    }
}

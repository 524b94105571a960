package txlookup.azure.recreate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a stage A rebuild allows stage B (rebuild-policy.md, "Stages"): decided GO, not long ago, with every step and
 * gate, of the very image that stage B gets, and of the commit where both are known. Anything that cannot be told is a
 * refusal.
 */
public final class Promotion {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int STEPS = 7;
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final JsonNode evidence;
    private final Path file;

    private Promotion(JsonNode evidence, Path file) {
        this.evidence = evidence;
        this.file = file;
    }

    /**
     * Reads the evidence of a rebuild.
     *
     * @param file its {@code rebuild.json}, or the folder that holds it
     * @throws IllegalArgumentException when there is none
     */
    public static Promotion read(Path file) throws IOException {
        Path json = Files.isDirectory(file) ? file.resolve("rebuild.json") : file;
        if (!Files.isRegularFile(json)) {
            throw new IllegalArgumentException(
                    "there is no evidence at %s; give the rebuild.json of a stage A rebuild that was decided GO"
                            .formatted(json));
        }
        try {
            return new Promotion(JSON.readTree(Files.readAllBytes(json)), json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("%s is no evidence: %s".formatted(json, e.getOriginalMessage()), e);
        }
    }

    /**
     * Everything that stands against it; empty when it may go on.
     *
     * @param longest how old the evidence may be
     * @param digest of the image that stage B is to run
     * @param gitSha the commit that is promoted; empty where it is not known here
     */
    public List<String> refusals(Instant now, Duration longest, String digest, String gitSha) {
        List<String> refusals = new ArrayList<>();
        JsonNode decision = evidence.path("decision");
        boolean go = decision.path("go").asBoolean(false)
                || decision.path("verdict").asString("").equals("GO");
        if (!go || decision.path("verdict").asString("GO").equals("NO_GO")) {
            refusals.add("NOT_GO: it was decided NO_GO, %s"
                    .formatted(decision.path("reason").asString("without a reason")));
        }
        Set<String> steps = new TreeSet<>();
        evidence.path("steps").forEach(step -> steps.add(step.path("step").asString("")));
        if (steps.size() != STEPS) {
            refusals.add("STEPS_MISSING: it has %d of %d steps".formatted(steps.size(), STEPS));
        }
        decision.path("gates")
                .valueStream()
                .filter(gate -> !gate.path("passed").asBoolean(false))
                .forEach(
                        gate -> refusals.add("GATE_FAILED: " + gate.path("gate").asString("a gate without a name")));
        if (decision.path("gates").isEmpty()) {
            refusals.add("GATES_MISSING: no gate was judged");
        }
        age(now, longest, refusals);
        build(digest, gitSha, refusals);
        return refusals;
    }

    private void age(Instant now, Duration longest, List<String> refusals) {
        String ended = evidence.path("ended").asString("");
        try {
            Duration age = Duration.between(Instant.parse(ended), now);
            if (age.compareTo(longest) > 0) {
                refusals.add("TOO_OLD: it ended %s, %d h ago; at most %d h are allowed"
                        .formatted(ended, age.toHours(), longest.toHours()));
            } else if (age.compareTo(CLOCKS_DIFFER.negated()) < 0) {
                refusals.add("FROM_THE_FUTURE: it ended %s; look at the clocks".formatted(ended));
            }
        } catch (DateTimeException e) {
            refusals.add("AGE_UNKNOWN: it says that it ended \"%s\"".formatted(ended));
        }
    }

    private void build(String digest, String gitSha, List<String> refusals) {
        boolean sameImage = evidence.path("steps")
                .valueStream()
                .anyMatch(step -> step.path("detail").asString("").contains("image " + digest));
        if (!sameImage) {
            refusals.add("OTHER_IMAGE: it is not of image %s".formatted(digest));
        }
        String theirs = evidence.path("build").path("gitSha").asString("");
        if (!theirs.isEmpty() && !gitSha.isEmpty() && !theirs.startsWith(gitSha) && !gitSha.startsWith(theirs)) {
            refusals.add("OTHER_BUILD: it is of commit %s and this is %s".formatted(theirs, gitSha));
        }
    }

    /** The evidence's file and generation, to be shown. */
    public String describe() {
        return "%s, generation %s, ended %s"
                .formatted(
                        file,
                        evidence.path("generation").asString("?"),
                        evidence.path("ended").asString("?"));
    }
}
